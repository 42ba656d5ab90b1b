import Arguments
import Images
import Linux
import Terminal

/// `thaw logs`: what a server wrote.
enum LogsVerb {
  static let follow = Option(
    flag: "follow", short: "f", "Go on with what it writes, until it ends.")
  static let tail = Option("tail", short: "n", .number("LINES"), "Only so many lines at the end.")
  static let since = Option("since", .duration, "Only what is not older.")
  static let timestamps = Option(flag: "timestamps", short: "t", "The time before each line.")
  static let name = Positional("NAME", .anyContainer, "A server: its name or id.")

  static let command = Command(
    "logs", summary: "Show what a server wrote.",
    discussion: """
      What it wrote to its standard output goes to standard output, and what it wrote to its \
      standard error to standard error. With --json each line is an object with `time`, `stream` \
      and `text`.
      """,
    arguments: [name], options: [follow, tail, since, timestamps],
    examples: [
      .init("thaw logs ledger", "All that it wrote."),
      .init("thaw logs -f --tail 20 ledger", "The last 20 lines, and what comes."),
      .init("thaw logs --since 5m --timestamps ledger", "The last five minutes, with times."),
    ], exitCodes: [Failure.failed, Failure.notFound, Failure.notRoot], run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    SignalSet.endThisProgram()
    let output = try Globals.output(parsed)
    let stock = try Stock(parsed)
    let record = try stock.containers.find(try parsed[name])
    let start = try parsed[since].map { Clock.wall().before($0) }
    let printer = LogPrinter(output, timestamps: try parsed[timestamps])
    let isWritten = { () throws(EngineError) in
      output.failure == nil && stock.containers.isRunning(record.id)
    }
    guard try waits(parsed[follow], for: record.id, in: stock) else { return try output.ended() }
    var reader = try LogReader(stock.containers.logPath(record.id))
    printer.show(try reader.read(tail: try parsed[tail], since: start))
    if try parsed[follow] {
      try reader.follow(since: start, isWritten: isWritten) { printer.show($0) }
    }
    return try output.ended()
  }

  /// Whether there is a log: one of a server that is just being made is waited for when it is to be
  /// followed.
  private static func waits(_ follows: Bool, for id: String, in stock: Stock) throws -> Bool {
    let path = stock.containers.logPath(id)
    guard follows else { return FileSystem.exists(path) }
    let watch = try Inotify()
    try watch.watch(path.parent, [.create, .delete, .closeWrite])
    while !FileSystem.exists(path) {
      guard stock.containers.isRunning(id) else { return false }
      _ = try watch.drain()
      // A second at most: a monitor that was killed tells nobody.
      _ = try Descriptor.poll(watch.rawValue, for: .readable, deadline: .after(.seconds(1)))
    }
    return true
  }
}

/// Writes lines of a container's log as they were written, to the same two streams.
struct LogPrinter {
  let output: Output
  let timestamps: Bool

  init(_ output: Output, timestamps: Bool) {
    self.output = output
    self.timestamps = timestamps
  }

  /// A line with `--json`.
  private struct Line: Encodable {
    var time: String
    var stream: String
    var text: String
    var partial: Bool?
  }

  func show(_ lines: [LogLine]) {
    // What goes to one stream in a row is written at once.
    var pending: [UInt8] = []
    var stream = LogLine.Stream.output
    for line in lines {
      if line.stream != stream {
        send(pending, to: stream)
        (pending, stream) = ([], line.stream)
      }
      pending += bytes(of: line)
    }
    send(pending, to: stream)
  }

  private func send(_ bytes: [UInt8], to stream: LogLine.Stream) {
    guard !bytes.isEmpty else { return }
    if stream == .output || output.isJSON { return output.write(bytes: bytes) }
    // Nobody can be told that standard error cannot be written.
    try? BorrowedDescriptor.standardError.writeAll(bytes)
  }

  func bytes(of line: LogLine) -> [UInt8] {
    let time = LogTime.text(of: line.time)
    guard output.isJSON else {
      return (timestamps ? Array("\(time) ".utf8) : []) + line.written
    }
    let value = Line(
      time: time, stream: line.stream.rawValue, text: String(decoding: line.text, as: UTF8.self),
      partial: line.isPartial ? true : nil)
    // Texts only: nothing that JSON cannot hold.
    return Array(((try? JSONLine.text(value)) ?? "{}").utf8) + [UInt8(ascii: "\n")]
  }
}
