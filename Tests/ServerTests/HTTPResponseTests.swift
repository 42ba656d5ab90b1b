import Testing

@testable import Server

struct `HTTP answers` {
  /// Reads an answer in pieces of a size, then the end.
  private func read(
    _ text: String, method: String = "GET", pieces: Int = .max, end: Bool = true
  ) throws(HTTPResponse.Failure) -> HTTPResponse {
    var response = HTTPResponse(method: method)
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      try response.append(Array(rest.prefix(pieces)))
      rest = rest.dropFirst(pieces)
    }
    if end { try response.end() }
    return response
  }

  @Test(arguments: [
    ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, 5),
    ("HTTP/1.1 200\r\ncontent-length:0\r\n\r\n", 200, 0),
    ("HTTP/1.0 404 Not Found\n\nto the end", 404, 10),
    (
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1A;x=y\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nTrailer: a\r\n\r\n",
      200, 31
    ),
    (
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
      200, 1
    ),
    (
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
      204, 0
    ),
    ("HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n", 304, 0),
    ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabcdef", 200, 2),
    ("HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 1\r\ncontent-length: 1\r\n\r\na", 200, 1),
  ])
  func `an answer is read, however it is cut`(text: String, status: Int, body: Int) throws {
    for pieces in [1, 2, 3, 7, 64, .max] {
      let response = try read(text, pieces: pieces)
      #expect(response.status == status)
      #expect(response.isComplete)
      #expect(response.bodyCount == body)
    }
  }

  @Test func `the answer to HEAD has no body`() throws {
    let text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
    #expect(try read(text, method: "HEAD", end: false).isComplete)
    #expect(try !read(text, end: false).isComplete)
  }

  @Test(arguments: [
    ("", "the connection was closed before it answered"),
    ("HTTP/1.1 2", "the connection was closed in the middle of the headers"),
    ("HTTP/1.1 200 OK\r\nA: b\r\n", "the connection was closed in the middle of the headers"),
    (
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
      "the connection was closed in the middle of the body"
    ),
    (
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
      "the connection was closed in the middle of the body"
    ),
    ("SSH-2.0-OpenSSH", "not an HTTP answer: \"S\""),
    ("HTTP/2 200", "not an HTTP answer: \"HTTP/2\""),
    ("\u{15}\u{3}\u{3}", "the server speaks TLS, not plain HTTP"),
    ("HTTP/1.1 20 OK\r\n", "no status line: \"HTTP/1.1 20 OK\""),
    ("HTTP/1.1 +20 OK\r\n", "no status line: \"HTTP/1.1 +20 OK\""),
    ("HTTP/1.1 099 OK\r\n", "no status line: \"HTTP/1.1 099 OK\""),
    ("HTTP/1.9 200 OK\r\n", "no status line: \"HTTP/1.9 200 OK\""),
    ("HTTP/1.1 200 OK\r\nnonsense\r\n", "no header: \"nonsense\""),
    ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n", "a wrong Content-Length: \"Content-Length: -1\""),
    (
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
      "a wrong Content-Length: \"Content-Length: 2\""
    ),
    (
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n",
      "a wrong Content-Length: \"Content-Length: 99999999999999999999\""
    ),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", "no size of a chunk: \"-1\""),
    (
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
      "no size of a chunk: \"FFFFFFFFFFFFFFFF\""
    ),
    (
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
      "a chunk that is longer than it says"
    ),
  ])
  func `what is no answer is told`(text: String, message: String) {
    for pieces in [1, 5, .max] {
      let failure = #expect(throws: HTTPResponse.Failure.self) {
        try read(text, pieces: pieces)
      }
      #expect(failure?.message == message)
    }
  }

  @Test(.timeLimit(.minutes(1))) func `headers and trailers without end are refused`() {
    let head = "HTTP/1.1 200 OK\r\n"
    let long = String(repeating: "a", count: 70_000)
    let many = String(repeating: "a: b\r\n", count: 300)
    let chunked = head + "Transfer-Encoding: chunked\r\n\r\n"
    for text in [
      head + long, head + many, "HTTP/1.1 200 " + long, chunked + long, chunked + "0\r\n" + many,
    ] {
      let failure = #expect(throws: HTTPResponse.Failure.self) { try read(text) }
      #expect(failure?.message.contains("more than") == true)
    }
  }

  @Test(.timeLimit(.minutes(1))) func `no bytes crash the reader`() {
    let whole = Array(
      """
      HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 7\r\n\r\n5\r\nhello\r\n0\r\n\r\n
      """.utf8)
    var complete = 0
    for _ in 0..<5000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4) {
        bytes[Int.random(in: 0..<bytes.count)] = .random(in: .min ... .max)
      }
      var response = HTTPResponse(method: "GET")
      do throws(HTTPResponse.Failure) {
        try response.append(bytes)
        try response.end()
        complete += 1
        #expect(response.isComplete && response.status != nil)
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
    #expect(complete > 0)
  }

  @Test func `a request is written by the book`() {
    var request = HTTPRequest(
      endpoint: Endpoint(host: "::1", port: 8080), path: "/a?b", method: "POST",
      headers: ["X-A": "b", "accept": "text/html"], body: "hé")
    #expect(
      String(decoding: HTTPExchange.bytes(of: request), as: UTF8.self) == """
        POST /a?b HTTP/1.1\r\nHost: [::1]:8080\r\nUser-Agent: thaw\r\nX-A: b\r\naccept: text/html\r
        Content-Length: 3\r\nConnection: close\r\n\r\nhé
        """)
    request = HTTPRequest(endpoint: Endpoint(port: 80))
    #expect(
      String(decoding: HTTPExchange.bytes(of: request), as: UTF8.self) == """
        GET / HTTP/1.1\r\nHost: 127.0.0.1:80\r\nUser-Agent: thaw\r\nAccept: */*\r
        Connection: close\r\n\r\n
        """)
  }
}
