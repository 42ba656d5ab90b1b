import Linux

/// One request and its answer over a connection of their own.
struct HTTPExchange {
  /// Why there is no answer.
  enum Failure: Error, Hashable {
    case connection(ConnectionError)
    /// The server closed the connection too early.
    case closed(String)
    /// What came is no HTTP.
    case malformed(String)
  }

  /// How much of an answer is read.
  enum Extent {
    /// Until the status is known; then the body as well, but for half a second and a megabyte only.
    case status
    /// All of it.
    case all
  }

  let request: HTTPRequest
  let watch: Watch

  /// Sends the request and gives the status of the answer.
  func run(_ extent: Extent, deadline: Deadline) throws(Failure) -> Int {
    let connection = try Self.connected { () throws(ConnectionError) in
      try Connection.open(request.endpoint, deadline: deadline, watch: watch)
    }
    do throws(ConnectionError) {
      try connection.send(Self.bytes(of: request), deadline: deadline)
    } catch .system(.brokenPipe), .system(.connectionReset) {
      // A server may answer and close before it has read everything.
    } catch {
      throw .connection(error)
    }
    var response = HTTPResponse(method: request.method)
    while !response.isComplete, response.status == nil || extent == .all {
      try Self.read(&response, connection, deadline)
    }
    guard let status = response.status else { throw .malformed("an answer without a status") }
    let patience = deadline.or(after: .milliseconds(500))
    while !response.isComplete, response.bodyCount < 1 << 20 {
      do throws(Failure) {
        try Self.read(&response, connection, patience)
      } catch .connection(.interrupted) {
        throw .connection(.interrupted)
      } catch {
        // The status is what was asked for; the body is read so that the server can finish.
        return status
      }
    }
    // The server closes, as it was asked to: so that no connection is frozen half closed.
    if response.isComplete {
      _ = try? connection.receive(deadline: deadline.or(after: .milliseconds(100)))
    }
    return status
  }

  private static func read(
    _ response: inout HTTPResponse, _ connection: borrowing Connection, _ deadline: Deadline
  ) throws(Failure) {
    let bytes: [UInt8]
    do throws(ConnectionError) {
      bytes = try connection.receive(deadline: deadline)
    } catch {
      throw .connection(error)
    }
    do throws(HTTPResponse.Failure) {
      bytes.isEmpty ? try response.end() : try response.append(bytes)
    } catch {
      throw bytes.isEmpty ? .closed(error.message) : .malformed(error.message)
    }
  }

  private static func connected(
    _ open: () throws(ConnectionError) -> Connection
  ) throws(Failure) -> Connection {
    do throws(ConnectionError) {
      return try open()
    } catch {
      throw .connection(error)
    }
  }

  /// Headers that tell how the message ends; a recipe cannot set them.
  static func isOwnHeader(_ name: String) -> Bool {
    ["connection", "content-length", "transfer-encoding"].contains(name.lowercased())
  }

  /// The request as it is sent.
  static func bytes(of request: HTTPRequest) -> [UInt8] {
    var headers = [
      ("Host", "\(request.endpoint)"), ("User-Agent", "thaw"), ("Accept", "*/*"),
    ]
    headers.removeAll { own in
      request.headers.keys.contains { $0.lowercased() == own.0.lowercased() }
    }
    headers += request.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    if let body = request.body {
      headers.append(("Content-Length", "\(body.utf8.count)"))
    } else if ["POST", "PUT", "PATCH"].contains(request.method) {
      headers.append(("Content-Length", "0"))
    }
    headers.append(("Connection", "close"))
    var text = "\(request.method) \(request.path) HTTP/1.1\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    return Array((text + "\r\n" + (request.body ?? "")).utf8)
  }
}

extension HTTPExchange.Failure: CustomStringConvertible {
  var description: String {
    switch self {
    case .connection(let error): "\(error)"
    case .closed(let message), .malformed(let message): message
    }
  }
}
