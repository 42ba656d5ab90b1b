import Linux

/// One run of a command beside the server.
struct CommandRun {
  /// How it went.
  enum Outcome: Hashable {
    /// It ended by itself; `tail` is the last line that it wrote.
    case ended(ExitStatus, tail: String)
    /// It was killed at the deadline.
    case timedOut
    /// It was killed because the watch ended the wait.
    case interrupted
    /// It could not be started.
    case unstartable(String, isFinal: Bool)
    /// Nobody knows how it ended.
    case lost(String)
  }

  /// How much of what it writes is kept: the end tells why it failed.
  private static let tailLimit = 4096

  let words: [String]
  let context: CommandContext
  let watch: Watch

  /// Runs it; at the deadline, or when the watch tells so, it is killed.
  ///
  /// What it started in its session goes with it, also when it ends by itself.
  func run(deadline: Deadline) -> Outcome {
    do throws(Errno) {
      let pipe = try Pipe()
      let output = try pipe.writer.duplicate()
      let reader = pipe.intoReader()
      var spawn = context.spawn(words)
      spawn.descriptors[1] = output.rawValue
      spawn.descriptors[2] = output.rawValue
      let child: Child
      do throws(SpawnError) {
        child = try spawn.start()
      } catch {
        let final: [Errno] = [.noEntry, .access, .notExecutable, .notDirectory, .permission]
        return .unstartable("\(error)", isFinal: final.contains(error.errno))
      }
      // Only the command holds the writing end from now on.
      _ = consume output
      return try follow(child, reader, deadline)
    } catch {
      return .lost("cannot watch the command: \(error)")
    }
  }

  private func follow(
    _ child: borrowing Child, _ reader: borrowing Descriptor, _ deadline: Deadline
  ) throws(Errno) -> Outcome {
    var tail: [UInt8] = []
    do throws(WaitError) {
      try wait(child, reader, &tail, deadline)
    } catch {
      Self.killSession(of: child)
      Processes.kill(tree: child.pid)
      // Ten seconds: a process in an uninterruptible wait does not die at once. It is dead to us
      // already.
      _ = try? child.wait(deadline: .after(.seconds(10)))
      switch error {
      case .timedOut: return .timedOut
      case .died, .cancelled: return .interrupted
      case .system(let errno): throw errno
      }
    }
    Self.killSession(of: child)
    // It has ended, so that the rest of its words is in the pipe: no more than a pipe holds is
    // read, should somebody else still write.
    for _ in 0..<16 {
      guard let more = try? reader.read(upTo: Self.tailLimit), !more.isEmpty else { break }
      tail = (tail + more).suffix(Self.tailLimit)
    }
    do throws(Errno) {
      if let status = try child.poll() { return .ended(status, tail: Self.lastLine(tail)) }
    } catch {
      if let status = context.reaped?(child.pid) {
        return .ended(status, tail: Self.lastLine(tail))
      }
    }
    return .lost("nobody knows how the command ended")
  }

  /// Reads what the command writes until it has ended.
  private func wait(
    _ child: borrowing Child, _ reader: borrowing Descriptor, _ tail: inout [UInt8],
    _ deadline: Deadline
  ) throws(WaitError) {
    do {
      try reader.setNonBlocking(true)
      let waiting = try Waiting(watch: watch)
      try waiting.add(child.pidfd, .readable)
      try waiting.add(reader.rawValue, .readable)
      while true {
        let ready = try waiting.wait(deadline: deadline)
        if ready.contains(child.pidfd) { return }
        let more = try reader.read(upTo: 65536)
        if more.isEmpty { try waiting.remove(reader.rawValue) }
        tail = (tail + more).suffix(Self.tailLimit)
        if deadline.hasPassed { throw WaitError.timedOut }
      }
    } catch let error as WaitError {
      throw error
    } catch let error as Errno {
      throw .system(error)
    } catch {
      throw .system(.invalid)
    }
  }

  /// Kills what is left of the command's session; it is not reaped yet, so that the number is still
  /// its own.
  private static func killSession(of child: borrowing Child) {
    // Nothing left is the usual case.
    try? Processes.signal(-child.pid, .kill)
  }

  private static func lastLine(_ bytes: [UInt8]) -> String {
    let line = bytes.split(separator: 0x0A).last { line in line.contains { $0 > 0x20 } } ?? []
    return Told.plain(String(decoding: line, as: UTF8.self).trimmed, limit: 200)
  }
}
