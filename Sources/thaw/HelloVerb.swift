import Arguments
import Glibc
import Linux
import Terminal

/// `thaw hello`: the least that a server can be.
///
/// What an engine needs to start it no server's start can be ahead of.
enum HelloVerb {
  static let port = Positional("PORT", .port, "Where to listen.")

  static let command = Command(
    "hello", summary: "Answer every question over HTTP, for thaw bench.", arguments: [port],
    hidden: true, run: run)

  private static let answer = Array(
    "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n".utf8)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    SignalSet.endThisProgram()
    let number = try parsed[port]
    let server = try Descriptor.listen(on: .ipv4(.any, port: number), backlog: 64)
    while true {
      guard let client = try server.accept(deadline: .never) else { continue }
      // A peer that says nothing keeps the others waiting for no longer than this.
      guard let question = try? client.receive(upTo: 4096, deadline: .after(.seconds(2))),
        !question.isEmpty
      else { continue }
      // Who has gone wants no answer.
      try? client.sendAll(answer, deadline: .after(.seconds(2)))
    }
  }
}
