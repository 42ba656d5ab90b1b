import Linux
import TestBed
import Testing

/// The programs of `Tests/Stress`, and the JVMs under which one of them runs.
enum StressPrograms {
  static let folder = Path(#filePath).parent.parent / "Stress"

  /// What `/kept` answers: the sum of memory that is filled once in a known way and never changed.
  static let keptByJava = "20367af9ee1cbe00"
  static let keptByC = "f8a502a877260fc8"

  static let hasCompiler = Machine.has("cc")

  /// Compiles a C program of the folder into another folder.
  static func compile(_ name: String, into folder: Path) throws -> Path {
    let program = folder / name
    let source = (Self.folder / "\(name).c").string
    let compiled = try Spawn(
      "cc", ["-O2", "-g", "-Wall", "-Wextra", "-Werror", "-pthread", "-o", program.string, source]
    ).run(deadline: .after(.seconds(60)))
    try #require(compiled.isSuccess, "\(compiled.errorText)")
    return program
  }

  /// Compiles the Java program into a folder, for the oldest JVM.
  static func compileJava(into folder: Path) throws {
    let source = (Self.folder / "Stress.java").string
    let compiled = try Spawn("javac", ["--release", "17", "-d", folder.string, source])
      .run(deadline: .after(.seconds(60)))
    try #require(compiled.isSuccess, "\(compiled.errorText)")
  }
}

/// A garbage collector, with the options that make it give memory back soon.
enum Collector: String, CaseIterable, CustomTestStringConvertible {
  case serial = "Serial"
  case parallel = "Parallel"
  case g1 = "G1"
  case shenandoah = "Shenandoah"

  var testDescription: String { rawValue }

  var options: [String] {
    let shrinking = ["-XX:MinHeapFreeRatio=10", "-XX:MaxHeapFreeRatio=20"]
    let own: [String] =
      switch self {
      case .serial: shrinking + ["-XX:-ShrinkHeapInSteps"]
      case .parallel: shrinking
      case .g1: shrinking + ["-XX:G1PeriodicGCInterval=500"]
      case .shenandoah:
        [
          "-XX:+UnlockExperimentalVMOptions", "-XX:ShenandoahUncommitDelay=500",
          "-XX:ShenandoahGuaranteedGCInterval=1000",
        ]
      }
    let all = ["-Xms16m", "-Xmx96m", "-XX:MaxDirectMemorySize=64m", "-XX:-UsePerfData"]
    return ["-XX:+Use\(rawValue)GC"] + own + all
  }
}

/// A JDK, and the file system that it is in.
enum JDK: String, CaseIterable, CustomTestStringConvertible {
  case own = "this machine's"
  case jdk21 = "21"
  case jdk25 = "25"

  /// The tree that Setup/tree.sh jdks makes.
  static let tree: Path = {
    let cache = Spawn.ownEnvironment()["THAW_CACHE"] ?? "/var/cache/thaw"
    return Path(Spawn.ownEnvironment()["THAW_JDKS"] ?? cache + "/jdks")
  }()

  var testDescription: String { "JDK \(rawValue)" }

  var java: Path {
    switch self {
    case .own: Machine.executable(named: "java") ?? "java"
    case .jdk21, .jdk25: Path("/usr/lib/jvm/java-\(rawValue)-openjdk-amd64/bin/java")
    }
  }

  static let hasOwn = Machine.has("java", "javac")
  static let hasOthers = Machine.has("javac") && FileSystem.exists(tree / jdk25.java.string)
}
