import Images
import Linux

/// Looks at this machine: everything that freezing and thawing with runc rests on.
///
/// What can be tried is tried, in namespaces that go away with the trial, rather than guessed from
/// versions.
struct Doctor {
  /// Thaw's folder, which need not be there.
  let root: Path
  let environment: [String: String]
  /// What this process may do.
  let capabilities: Set<Capability>
  let isRoot: Bool
  /// CRIU, runc and the image tools, or why they were not found.
  let bundle: Result<Bundle, EngineError>

  init(root: Path) {
    self.root = root
    environment = Spawn.ownEnvironment()
    capabilities = CapabilitySets.current().effective
    isRoot = Host.user == 0
    do {
      bundle = .success(try Bundle.locate())
    } catch {
      bundle = .failure(error)
    }
  }

  /// Whether namespaces can be made and mounts be tried.
  var canTry: Bool { capabilities.contains(.sysAdmin) }

  /// Whether CRIU may write `ns_last_pid`; its mode says nothing about that.
  var canChoosePIDs: Bool {
    !capabilities.isDisjoint(with: [.sysAdmin, .checkpointRestore])
      && FileSystem.isWritable("/proc/sys/kernel/ns_last_pid")
  }

  /// All checks, told group by group: some of them take a moment.
  func run(_ tell: (Check) throws -> Void) rethrows {
    for look in [rights, kernel, tools, network, store, engines] {
      for check in look() { try tell(check) }
    }
  }
}

/// What is the same in several checks.
extension Doctor {
  /// Where system programs are.
  static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  /// Runs a program for a moment; the result is what it wrote, or why that was nothing.
  static func ask(
    _ program: Path, _ arguments: [String], input: String = "", namespaces: Namespaces = [],
    offsets: TimeNamespace.Offsets? = nil
  ) -> Answer {
    var plan = Spawn(program, arguments)
    plan.environment["PATH"] = path
    plan.namespaces = namespaces
    plan.clockOffsets = offsets
    do {
      let finished = try plan.run(input: Array(input.utf8), deadline: .after(.seconds(10)))
      let text = firstLine(finished.text) ?? ""
      guard !finished.timedOut else { return .failed("no answer within 10 s") }
      let complaints = finished.errorText.split(whereSeparator: \.isNewline).map(String.init)
      let complaint = complaints.first { !$0.hasPrefix("WARNING") } ?? complaints.first
      return finished.isSuccess
        ? .said(text) : .failed(complaint ?? "ended with \(finished.status)")
    } catch {
      return .failed("\(error.step): \(error.errno)")
    }
  }

  /// What a program that was asked said.
  enum Answer: Equatable {
    /// Its first line.
    case said(String)
    /// The first line of its complaint.
    case failed(String)
  }

  static func firstLine(_ text: String) -> String? {
    text.split(whereSeparator: \.isNewline).first.map(String.init)
  }

  /// What a file of `/proc` or `/sys` says; nil if it is not there.
  static func setting(_ path: Path) -> String? {
    // Not there or not to be read: not known.
    (try? FileSystem.readText(path)).flatMap(firstLine)
  }
}
