/// Reads one HTTP/1 answer from bytes as they come (RFC 9112); keeps the status and counts the
/// body.
struct HTTPResponse {
  /// What is no HTTP, or more of it than is read.
  struct Failure: Error, Hashable {
    var message: String
  }

  /// Bytes of the head, and of any single line in a chunked body.
  static let headLimit = 65536
  /// Header lines.
  static let headerLimit = 256

  /// The status, once the whole head was read.
  private(set) var status: Int?
  /// Whether the whole answer was read.
  private(set) var isComplete = false
  /// Bytes of the body so far.
  private(set) var bodyCount = 0

  private enum State {
    case statusLine, headers
    case fixed(remaining: Int)
    case untilEnd
    case chunkSize
    case chunk(remaining: Int)
    case chunkEnd, trailers
  }

  private var state = State.statusLine
  private let isBodyless: Bool
  private var line: [UInt8] = []
  private var headBytes = 0
  private var headers = 0
  private var pending = 0
  private var length: Int?
  private var isChunked = false

  /// Starts to read the answer to a request with `method`; that to HEAD has no body.
  init(method: String) {
    isBodyless = method == "HEAD"
  }

  /// Takes bytes; those after the end of the answer are ignored.
  mutating func append(_ bytes: [UInt8]) throws(Failure) {
    var rest = bytes[...]
    while let byte = rest.first, !isComplete {
      switch state {
      case .fixed(let remaining):
        let count = min(remaining, rest.count)
        take(&rest, count)
        state = .fixed(remaining: remaining - count)
        isComplete = remaining == count
      case .untilEnd:
        take(&rest, rest.count)
      case .chunk(let remaining):
        let count = min(remaining, rest.count)
        take(&rest, count)
        state = remaining == count ? .chunkEnd : .chunk(remaining: remaining - count)
      default:
        rest = rest.dropFirst()
        try append(head: byte)
      }
    }
  }

  /// Tells that the peer closed the connection.
  mutating func end() throws(Failure) {
    guard !isComplete else { return }
    guard case .untilEnd = state else {
      let what =
        switch state {
        case .statusLine where line.isEmpty && headBytes == 0: "before it answered"
        case .statusLine, .headers: "in the middle of the headers"
        default: "in the middle of the body"
        }
      throw Failure(message: "the connection was closed \(what)")
    }
    isComplete = true
  }

  private mutating func take(_ rest: inout ArraySlice<UInt8>, _ count: Int) {
    bodyCount += count
    rest = rest.dropFirst(count)
  }

  /// Takes a byte of a line.
  private mutating func append(head byte: UInt8) throws(Failure) {
    headBytes += 1
    guard headBytes <= Self.headLimit else {
      throw Failure(message: "headers of more than \(Self.headLimit) bytes")
    }
    guard byte == 0x0A else {
      line.append(byte)
      // Told at once, since something else may never send the end of a line.
      if case .statusLine = state, !Array("HTTP/1.".utf8).starts(with: line.prefix(7)) {
        throw Failure(message: Self.notHTTP(line))
      }
      return
    }
    if line.last == 0x0D { line.removeLast() }
    defer { line.removeAll(keepingCapacity: true) }
    switch state {
    case .statusLine: try readStatus()
    case .headers: line.isEmpty ? endHead() : try readHeader()
    case .chunkSize: try readChunkSize()
    case .chunkEnd:
      guard line.isEmpty else { throw Failure(message: "a chunk that is longer than it says") }
      state = .chunkSize
      headBytes = 0
    case .trailers:
      isComplete = line.isEmpty
      headers += 1
      guard headers <= Self.headerLimit else {
        throw Failure(message: "more than \(Self.headerLimit) headers")
      }
    case .fixed, .untilEnd, .chunk: break
    }
  }

  private mutating func readStatus() throws(Failure) {
    let text = String(decoding: line, as: UTF8.self)
    let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2, ["HTTP/1.1", "HTTP/1.0"].contains(parts[0]), parts[1].utf8.count == 3,
      let number = Int(parts[1]), (100...999).contains(number)
    else { throw Failure(message: "no status line: \(Told.quoted(text))") }
    pending = number
    state = .headers
  }

  private mutating func readHeader() throws(Failure) {
    headers += 1
    guard headers <= Self.headerLimit else {
      throw Failure(message: "more than \(Self.headerLimit) headers")
    }
    let text = String(decoding: line, as: UTF8.self)
    guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
      throw Failure(message: "no header: \(Told.quoted(text))")
    }
    let value = text[text.index(after: colon)...].trimmed
    switch text[..<colon].lowercased() {
    case "content-length":
      guard value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(value),
        length == nil || length == count
      else { throw Failure(message: "a wrong Content-Length: \(Told.quoted(text))") }
      length = count
    case "transfer-encoding":
      isChunked = value.lowercased().hasSuffix("chunked")
      // What is not chunked in the end goes on until the connection closes.
      length = nil
    default: break
    }
  }

  private mutating func endHead() {
    let isInterim = (100...199).contains(pending) && pending != 101
    defer {
      (length, isChunked, headers, headBytes) = (nil, false, 0, 0)
    }
    guard !isInterim else {
      state = .statusLine
      return
    }
    status = pending
    if isBodyless || pending == 204 || pending == 304 || pending == 101 {
      isComplete = true
    } else if isChunked {
      state = .chunkSize
    } else if let length {
      state = .fixed(remaining: length)
      isComplete = length == 0
    } else {
      state = .untilEnd
    }
  }

  private mutating func readChunkSize() throws(Failure) {
    let digits = String(decoding: line.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self).trimmed
    guard (1...15).contains(digits.utf8.count), !digits.hasPrefix("+"), !digits.hasPrefix("-"),
      let count = Int(digits, radix: 16)
    else { throw Failure(message: "no size of a chunk: \(Told.quoted(digits))") }
    state = count == 0 ? .trailers : .chunk(remaining: count)
    headBytes = 0
  }

  private static func notHTTP(_ line: [UInt8]) -> String {
    line.first == 0x15 || line.first == 0x16
      ? "the server speaks TLS, not plain HTTP"
      : "not an HTTP answer: \(Told.quoted(String(decoding: line, as: UTF8.self)))"
  }
}

extension StringProtocol {
  /// The text without spaces and tabs around it.
  var trimmed: String {
    let start = drop { $0 == " " || $0 == "\t" }
    var end = String(start)
    while end.last == " " || end.last == "\t" { end.removeLast() }
    return end
  }
}
