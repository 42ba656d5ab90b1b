package import Linux

/// A HotSpot JVM that runs, to be asked what `jcmd` asks.
///
/// Speaks the JVM's own attach protocol, so no second JVM is started. It must be asked by its own
/// user or by root (the JVM checks), and it must have a `/tmp` that it may write. A JVM that was
/// asked once keeps a thread and a socket, `/tmp/.java_pid<pid>`, for later questions.
package struct HotSpot: Sendable {
  /// The process, in this process's pid namespace.
  package let pid: Int32
  /// Its number in its own pid namespace: what it calls its files by.
  let ownPID: Int32
  /// The user that it acts as.
  let user: UInt32
  /// Its root folder, as seen from here.
  let root: Path

  /// Takes a process for a HotSpot JVM if it has `libjvm.so` mapped.
  ///
  /// Nil for any other program, for OpenJ9, which has a library of that name, for a process that is
  /// gone, and for one that this process may not look into.
  package init?(pid: Int32) {
    // Gone or forbidden: nobody to ask.
    guard let maps = try? LiveMapping.all(of: pid), Self.isHotSpot(maps),
      let status = try? ProcessStatus(pid: pid)
    else { return nil }
    self.pid = pid
    ownPID = status.ownPID
    user = status.user
    // Its own mount namespace may have another /tmp; where that cannot be entered, it is ours.
    let own = Path("/proc/\(pid)/root")
    root = FileSystem.exists(own / "tmp") ? own : .root
  }

  /// Whether the mappings are those of a HotSpot JVM.
  static func isHotSpot(_ maps: [LiveMapping]) -> Bool {
    let libraries = maps.filter(\.isExecutable).map { Path($0.name).lastComponent }
    return libraries.contains("libjvm.so") && !libraries.contains { $0.hasPrefix("libj9vm") }
  }

  /// Where it listens.
  var socket: Path { root / "tmp/.java_pid\(ownPID)" }

  /// Asks for one of the commands of `jcmd`.
  ///
  /// Blocks until the answer is there; a JVM that was never asked needs some milliseconds more.
  ///
  /// - Parameters:
  ///   - command: such as `VM.version`, with arguments behind blanks.
  ///   - deadline: when to give up.
  /// - Returns: the answer's text.
  /// - Throws: ``HotSpotError``.
  package func ask(_ command: String, deadline: Deadline) throws(HotSpotError) -> String {
    let connection = try connect(deadline: deadline)
    let answer: [UInt8]
    do throws(Errno) {
      // Version 1 of the protocol: itself, the operation, three arguments. JDK 24 and later know
      // version 2 as well, and still take this one.
      try connection.sendAll(Array("1\0jcmd\0\(command)\0\0\0".utf8), deadline: deadline)
      answer = try Self.readAll(connection, deadline: deadline)
    } catch {
      throw HotSpotError(error, pid: pid, trying: "asking for \(command)")
    }
    return try Self.text(of: answer, command: command, pid: pid)
  }

  /// Takes an answer apart: the first line is a number, 0 if all went well.
  static func text(
    of answer: [UInt8], command: String, pid: Int32
  ) throws(HotSpotError) -> String {
    let first = answer.prefix { $0 != UInt8(ascii: "\n") }
    guard first.count < answer.count, let status = Int(String(decoding: first, as: UTF8.self))
    else {
      throw HotSpotError(
        .strange, pid: pid, "the answer to \(command) does not start with a status")
    }
    let text = String(decoding: answer.dropFirst(first.count + 1), as: UTF8.self)
    guard status == 0 else {
      let reason = text.split(separator: "\n").prefix(3).joined(separator: "; ")
      throw HotSpotError(.refused, pid: pid, "\(command): status \(status): \(reason)")
    }
    return text
  }

  /// Reads to the end; 64 MiB are far more than any answer.
  private static func readAll(
    _ connection: borrowing Descriptor, deadline: Deadline
  ) throws(Errno) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < 64 << 20 {
      let more = try connection.receive(upTo: 1 << 16, deadline: deadline)
      if more.isEmpty { return bytes }
      bytes += more
    }
    throw .tooBig
  }
}

/// Lines of `/proc/PID/status`.
struct ProcessStatus {
  /// The number in the innermost pid namespace.
  var ownPID: Int32 = 0
  /// The effective user.
  var user: UInt32 = 0
  /// One bit for each signal that has a handler, that of signal 1 the lowest.
  var caught: UInt64 = 0

  init(pid: Int32) throws(Errno) {
    let text = try FileSystem.readText(Path("/proc/\(pid)/status"))
    guard let parsed = ProcessStatus(parsing: text) else { throw .noSuchProcess }
    self = parsed
  }

  /// Nil without the lines that are needed.
  init?(parsing text: String) {
    var found = 0
    for line in text.split(separator: "\n") {
      let fields = line.split { $0 == ":" || $0.isWhitespace }
      guard let last = fields.last, fields.count > 1 else { continue }
      switch fields[0] {
      case "NSpid":
        guard let pid = Int32(last) else { return nil }
        ownPID = pid
      case "Uid":
        guard fields.count > 2, let user = UInt32(fields[2]) else { return nil }
        self.user = user
      case "SigCgt":
        guard let bits = UInt64(last, radix: 16) else { return nil }
        caught = bits
      default: continue
      }
      found += 1
    }
    guard found == 3 else { return nil }
  }

  /// Whether a signal has a handler.
  func catches(_ signal: Signal) -> Bool { caught >> UInt64(signal.rawValue - 1) & 1 == 1 }
}
