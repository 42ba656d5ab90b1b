package import Linux

/// The pipes that a server's standard output and error go through; PID 1 owns them and copies to its own.
///
/// So a frozen server's log never leads to a descriptor of the engine, and a thawed one's goes wherever PID 1's goes.
package struct ServerPipes: ~Copyable, Sendable {
  package let output: Pipe
  package let errors: Pipe

  package init() throws(Errno) {
    let output = try Pipe()
    let errors = try Pipe()
    try output.reader.setNonBlocking(true)
    try errors.reader.setNonBlocking(true)
    self.output = output
    self.errors = errors
  }

  /// Copies what is there now to this process's standard output and error.
  package func copy() {
    Self.copy(BorrowedDescriptor(output.reader.rawValue), to: .standardOutput)
    Self.copy(BorrowedDescriptor(errors.reader.rawValue), to: .standardError)
  }

  static func copy(_ reader: BorrowedDescriptor, to writer: BorrowedDescriptor) {
    // `.again` is the usual end. A log that nobody takes is no reason to end a server.
    while let bytes = try? reader.read(upTo: 1 << 16), !bytes.isEmpty {
      try? writer.writeAll(bytes)
    }
  }
}

/// A thread that copies a server's output while the main thread waits for something else.
package struct LogPump: ~Copyable, Sendable {
  private let thread: NamedThread
  private let stop: Pipe

  /// Starts to copy; `pipes` must outlive it.
  package init(_ pipes: borrowing ServerPipes) throws(Errno) {
    let stop = try Pipe()
    let (end, output, errors) = (
      stop.reader.rawValue, BorrowedDescriptor(pipes.output.reader.rawValue),
      BorrowedDescriptor(pipes.errors.reader.rawValue)
    )
    let thread = try NamedThread("log pump") { Self.run(end: end, output: output, errors: errors) }
    self.thread = thread
    self.stop = stop
  }

  /// Copies what is left and ends.
  package consuming func finish() {
    // The thread reads nothing from its pipe; that there is something is what it waits for.
    _ = try? stop.writer.write([0])
    thread.join()
  }

  private static func run(end: Int32, output: BorrowedDescriptor, errors: BorrowedDescriptor) {
    guard let epoll = try? Epoll() else { return }
    for (raw, token) in [(end, 0), (output.rawValue, 1), (errors.rawValue, 2)] {
      // A descriptor that cannot be watched is a pipe that was closed: there is nothing to copy.
      try? epoll.add(raw, .readable, token: UInt64(token))
    }
    while let events = try? epoll.wait(deadline: .never) {
      ServerPipes.copy(output, to: .standardOutput)
      ServerPipes.copy(errors, to: .standardError)
      if events.contains(where: { $0.token == 0 }) { return }
      // Both of the server's ends closed: readable for ever, so they are no longer watched.
      for event in events where event.events.contains(.hangUp) {
        try? epoll.remove(event.token == 1 ? output.rawValue : errors.rawValue)
      }
    }
  }
}
