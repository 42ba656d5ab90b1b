import Arguments
import Checkpoint
import Images
import Lifecycle
import Linux
import Terminal

/// A server that a process of its own runs: this program once more, in its own session.
struct DetachedRun: ~Copyable {
  private let child: Child
  private let reader: Descriptor

  /// Starts it with the words of `thaw run` or `thaw restore`; it tells how it went on descriptor 3.
  init(_ words: [String]) throws {
    let pipe = try Pipe()
    var spawn = Spawn("/proc/self/exe", words)
    spawn.descriptors = [3: pipe.writer.rawValue]
    spawn.newSession = true
    let child = try spawn.start()
    reader = pipe.intoReader()
    self.child = child
  }

  /// Waits until its server answers or has failed, and leaves it to itself.
  consuming func told() throws -> Told {
    let bytes = try line()
    guard let told = try? JSONText.decode(Told.self, from: bytes) else {
      let status = try child.wait(deadline: .after(.seconds(10)))
      throw Failure(
        Failure.failed,
        "the process that runs the server ended without a word (\(status.map { "\($0)" } ?? "still running"))"
      )
    }
    if let error = told.error { throw Failure(ExitCode(told.exitCode ?? 1), error) }
    _ = child.detach()
    return told
  }

  /// What comes before the first line feed, or all if the other end closes.
  private borrowing func line() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let more = try reader.read(upTo: 4096)
      bytes += more
      if more.isEmpty || more.contains(UInt8(ascii: "\n")) { return bytes }
    }
  }

  /// How a detached start went.
  struct Told: Codable {
    var id: String?
    var name: String?
    var tier: String?
    var reason: String?
    var milliseconds: Double?
    var ports: [String]?
    var error: String?
    var exitCode: Int32?

    init(_ record: ContainerRecord) {
      id = record.id
      name = record.name
      tier = record.tier
      reason = record.tierReason
      milliseconds = record.firstReady
      ports = record.ports.map { "\($0.hostAddress):\($0.hostPort)" }
    }

    init(error: String, exitCode: Int32) {
      self.error = error
      self.exitCode = exitCode
    }

    /// One line for people.
    var text: String {
      let time = Human.text(.milliseconds(Int64(milliseconds ?? 0)))
      let why = reason.map { " (\($0))" } ?? ""
      return "\(name ?? "") answers after \(time), \(tier ?? "?")\(why): "
        + (ports ?? []).joined(separator: ", ")
    }
  }
}

extension Running {
  /// The words that have this program do it, in the foreground of a process of its own.
  func words(root: String, verb: String) -> [String] {
    var words = ["--root", root, verb, "--report", "3"]
    if let name { words += ["--name", name] }
    for port in ports ?? [] { words += ["-p", port.argument] }
    for volume in volumes {
      words += ["-v", "\(volume.source):\(volume.destination)" + (volume.isReadOnly ? ":ro" : "")]
    }
    for (name, value) in environment { words += ["-e", "\(name)=\(value)"] }
    if let memoryLimit { words += ["-m", "\(memoryLimit.bytes)"] }
    if let onStop { words += ["--on-stop", onStop.rawValue] }
    if let refresh { words += ["--refresh", "\(refresh)"] }
    if isTransient { words.append("--rm") }
    if isCold { words.append("--cold") }
    words.append(checkpoint)
    if let arguments { words += ["--"] + arguments }
    return words
  }
}

extension PublishedPort {
  /// As `-p` takes it.
  var argument: String { "\(hostAddress):\(hostPort):\(containerPort)" }
}
