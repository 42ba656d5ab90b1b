import CRIU
import Checkpoint
import Images
import Linux

/// What figures were measured on, for the page.
struct MachineFacts {
  /// Names and values, in the order in which they are read.
  private(set) var rows: [(name: String, value: String)] = []

  /// This machine, now.
  static func current() -> MachineFacts {
    var facts = MachineFacts()
    facts.rows.append(("date", String(LogTime.text(of: Clock.wall()).prefix(10))))
    facts.rows.append(("kernel", Host.kernelRelease))
    facts.rows.append(
      ("processor", "\(processor() ?? Host.architecture), \(Host.processorCount) to use"))
    facts.rows.append(("memory", "\(Host.memory)"))
    return facts
  }

  /// Adds what a server was frozen with and runs on.
  mutating func add(_ manifest: Manifest, rootfs: Path?) {
    rows.append(("CRIU", manifest.criu.version))
    if let version = Self.javaVersion(below: rootfs ?? .root) { rows.append(("JDK", version)) }
  }

  private static func processor() -> String? {
    // Not every architecture names it.
    let text = (try? FileSystem.readText("/proc/cpuinfo")) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":", maxSplits: 1).last.map { $0.drop { $0 == " " } }
      .map(String.init)
  }

  /// What the Java in a file system says of itself.
  private static func javaVersion(below root: Path) -> String? {
    for folder in [root / "usr/lib/jvm", root / "opt"] {
      // A folder that is not there holds none.
      for name in ((try? FileSystem.list(folder)) ?? []).sorted() {
        guard let text = try? FileSystem.readText(folder / name / "release") else { continue }
        let line = text.split(separator: "\n").first { $0.hasPrefix("JAVA_VERSION=") }
        if let line { return line.dropFirst("JAVA_VERSION=".count).filter { $0 != "\"" } }
      }
    }
    return nil
  }

}
