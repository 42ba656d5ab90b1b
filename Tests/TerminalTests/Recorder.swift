import Linux
import Synchronization
import Terminal

/// Two files in place of stdout and stderr, and a clock that stands until it is moved.
final class Recorder: Sendable {
  private let results: Descriptor
  private let notes: Descriptor
  private let time = Mutex(Duration.zero)

  init() throws {
    results = try Self.file()
    notes = try Self.file()
  }

  /// A nameless file.
  private static func file() throws -> Descriptor {
    var random = SystemRandomNumberGenerator()
    let path = Path("/tmp/thaw-terminal-\(UInt64.random(in: 0...UInt64.max, using: &random))")
    let file = try Descriptor.open(
      path, .readWrite, [.create, .exclusive, .append], mode: 0o600)
    try FileSystem.remove(path)
    return file
  }

  func output(
    json: Bool = false, quiet: Bool = false, environment: [String: String] = ["LANG": "C.UTF-8"]
  ) -> Output {
    Output(
      json: json, quiet: quiet, environment: environment,
      results: BorrowedDescriptor(results.rawValue), notes: BorrowedDescriptor(notes.rawValue),
      now: { [self] in time.withLock { $0 } })
  }

  func pass(_ duration: Duration) { time.withLock { $0 += duration } }

  var resultText: String {
    get throws { String(decoding: try results.read(upTo: 1 << 20, at: 0), as: UTF8.self) }
  }

  var noteText: String {
    get throws { String(decoding: try notes.read(upTo: 1 << 20, at: 0), as: UTF8.self) }
  }
}
