import CLinux

/// What goes to and comes from a program that is run.
struct Exchange: ~Copyable {
  private enum Token {
    static let end: UInt64 = 0
    static let input: UInt64 = 1
    static let output: UInt64 = 2
    static let errors: UInt64 = 3
  }

  private let epoll: Epoll
  private var writer: Descriptor?
  private var output: Collector
  private var errors: Collector
  private var input: ArraySlice<UInt8>
  private var timedOut = false

  /// Takes our ends and closes the child's, so that an end is seen.
  init(_ pipes: consuming ThreePipes, input: [UInt8], limit: Int) throws(Errno) {
    let epoll = try Epoll()
    let writer = pipes.input.intoWriter()
    let output = Collector(pipes.output.intoReader(), limit: limit)
    let errors = Collector(pipes.errors.intoReader(), limit: limit)
    try epoll.add(output.rawValue, .readable, token: Token.output)
    try epoll.add(errors.rawValue, .readable, token: Token.errors)
    // A write must not wait: the program may first want to be read.
    try writer.setNonBlocking(true)
    if input.isEmpty {
      self.writer = nil
    } else {
      try epoll.add(writer.rawValue, .writable, token: Token.input)
      self.writer = consume writer
    }
    self.epoll = epoll
    self.output = output
    self.errors = errors
    self.input = input[...]
  }

  /// Goes on until the program has ended and what it wrote is read.
  mutating func run(_ child: borrowing Child, deadline: Deadline) throws(Errno) -> ExitStatus {
    try epoll.add(child.pidfd, .readable, token: Token.end)
    while true {
      let ready = try epoll.wait(deadline: deadline)
      guard !ready.isEmpty else {
        timedOut = true
        Processes.kill(tree: child.pid)
        return try finish(child)
      }
      for (token, _) in ready {
        switch token {
        case Token.end: return try finish(child)
        case Token.input: try feed()
        case Token.output: if try !output.read() { try epoll.remove(output.rawValue) }
        default: if try !errors.read() { try epoll.remove(errors.rawValue) }
        }
      }
    }
  }

  /// What is left when the program has ended.
  func finished(_ status: ExitStatus) -> Finished {
    Finished(
      status: status, output: output.bytes, errors: errors.bytes, timedOut: timedOut,
      isTruncated: output.isTruncated || errors.isTruncated)
  }

  /// The program has ended or was killed: what it wrote is in the pipes, and nobody is waited for.
  private mutating func finish(_ child: borrowing Child) throws(Errno) -> ExitStatus {
    // Ten seconds: a process in an uninterruptible wait for a disk does not die at once.
    guard let status = try child.wait(deadline: .after(.seconds(10))) else { throw .timedOut }
    try output.drain()
    try errors.drain()
    return status
  }

  private mutating func feed() throws(Errno) {
    guard let raw = writer?.rawValue else { return }
    do throws(Errno) {
      let count = try input.span.bytes.withUnsafeBytes { (rest) throws(Errno) -> Int in
        try retrying { clinux_write_quietly(raw, rest.baseAddress, rest.count) }
      }
      input = input.dropFirst(count)
    } catch .again {
      return
    } catch .brokenPipe {
      // It does not want the rest.
      input = []
    }
    guard input.isEmpty else { return }
    try epoll.remove(raw)
    writer = nil
  }
}

/// Keeps what comes out of a pipe, up to a limit.
struct Collector: ~Copyable {
  private let reader: Descriptor
  private let limit: Int
  private(set) var bytes: [UInt8] = []
  private(set) var isTruncated = false

  init(_ reader: consuming Descriptor, limit: Int) {
    self.reader = reader
    self.limit = limit
  }

  var rawValue: Int32 { reader.rawValue }

  /// Reads what is there; false at the end.
  mutating func read() throws(Errno) -> Bool {
    let more = try reader.read(upTo: 65_536)
    let room = limit - bytes.count
    if more.count > room { isTruncated = true }
    bytes += more.prefix(max(room, 0))
    return !more.isEmpty
  }

  /// Reads until nothing is there now, at most what a pipe holds: a living grandchild may write for
  /// ever.
  mutating func drain() throws(Errno) {
    try reader.setNonBlocking(true)
    do {
      for _ in 0..<64 where try !read() { return }
    } catch .again {
      return
    }
  }
}
