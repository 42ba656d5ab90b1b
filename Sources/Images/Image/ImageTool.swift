import Linux

/// skopeo or umoci, run to its end.
struct ImageTool {
  /// The program.
  var program: Path
  /// When it is killed.
  var deadline: Deadline
  /// A descriptor that becomes readable when it is to be killed.
  var cancel: Int32?
  /// A folder for its large temporary files.
  var scratch: Path?

  /// What a program said.
  struct Said {
    var status: ExitStatus
    var output: [UInt8] = []
    var errors: [UInt8] = []

    /// The end of its errors, as one line.
    var reason: String {
      let lines = String(decoding: errors.suffix(4000), as: UTF8.self).split(separator: "\n")
      return lines.last.map { ImageTool.message(of: String($0)) } ?? "\(status)"
    }
  }

  /// Runs the program.
  ///
  /// - Parameters:
  ///   - arguments: what it gets.
  ///   - tick: called every now and then with its errors so far, for a look at how far it is.
  /// - Returns: what it said and how it ended.
  /// - Throws: `.noBundle`, `.timedOut`, `.cancelled`; then it is dead.
  func run(
    _ arguments: [String], tick: ([UInt8]) -> Void = { _ in }
  ) throws(EngineError) -> Said {
    var plan = Spawn(program, arguments)
    if let scratch { plan.environment["TMPDIR"] = scratch.string }
    // In a group of its own: Ctrl-C in a terminal ends this process, which then ends that.
    plan.processGroup = true
    plan.parentDeathSignal = .kill
    do throws(Errno) {
      let output = try Pipe()
      let errors = try Pipe()
      plan.descriptors = [1: output.writer.rawValue, 2: errors.writer.rawValue]
      let child = try start(plan)
      return try listen(to: child, output.intoReader(), errors.intoReader(), tick)
    } catch {
      throw failure(error)
    }
  }

  private func start(_ plan: Spawn) throws(Errno) -> Child {
    do {
      return try plan.start()
    } catch {
      throw error.errno
    }
  }

  private func failure(_ error: Errno) -> EngineError {
    switch error {
    case .timedOut:
      EngineError(.timedOut, program.lastComponent, "it did not end in time", fix: "try again")
    case .cancelled:
      EngineError(.cancelled, program.lastComponent, "cancelled")
    default:
      EngineError(
        error, trying: "running it", on: program.string, code: .noBundle,
        fix: "make the bundle anew with `Setup/bundle.sh`")
    }
  }

  private func listen(
    to child: consuming Child, _ output: consuming Descriptor, _ errors: consuming Descriptor,
    _ tick: ([UInt8]) -> Void
  ) throws(Errno) -> Said {
    do throws(Errno) {
      let epoll = try Epoll()
      try epoll.add(output.rawValue, .readable, token: 1)
      try epoll.add(errors.rawValue, .readable, token: 2)
      if let cancel { try epoll.add(cancel, .readable, token: 0) }
      var said = Said(status: .exited(0))
      var open = 2
      while open > 0 {
        let events = try epoll.wait(deadline: deadline.or(after: .milliseconds(200)))
        if deadline.hasPassed { throw .timedOut }
        for (token, _) in events {
          guard token > 0 else { throw .cancelled }
          let bytes = try (token == 1 ? output.read(upTo: 65_536) : errors.read(upTo: 65_536))
          if token == 1 { said.output += bytes } else { said.errors += bytes }
          guard bytes.isEmpty else { continue }
          try epoll.remove(token == 1 ? output.rawValue : errors.rawValue)
          open -= 1
        }
        tick(said.errors)
      }
      guard let status = try child.wait(deadline: deadline) else { throw .timedOut }
      said.status = status
      return said
    } catch {
      // The first error is the one to tell.
      _ = try? child.killTree()
      throw error
    }
  }

  /// The message of a line in the style of logrus: `time="…" level=fatal msg="…"`.
  static func message(of line: String) -> String {
    let bytes = Array(line.utf8)
    let mark = Array("msg=\"".utf8)
    guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }) else {
      return line
    }
    var text: [UInt8] = []
    var isEscaped = false
    for byte in bytes[(start + mark.count)...] {
      if isEscaped {
        text.append(byte == UInt8(ascii: "n") ? UInt8(ascii: " ") : byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        break
      } else {
        text.append(byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
