/// An HTTP request as recipes write it, and the status that is wanted for an answer.
package struct HTTPRequest: Hashable, Sendable {
  /// Where the server listens.
  package var endpoint: Endpoint
  /// Path and query, beginning with `/`.
  package var path: String
  /// The method in capitals.
  package var method: String
  /// Headers to send besides `Host`, `User-Agent`, `Accept`, `Connection` and `Content-Length`.
  package var headers: [String: String]
  /// What to send after the headers.
  package var body: String?
  /// The only status that is good; nil: any 2xx (in a warm-up also 3xx).
  package var status: Int?

  /// Makes a request.
  package init(
    endpoint: Endpoint, path: String = "/", method: String = "GET",
    headers: [String: String] = [:], body: String? = nil, status: Int? = nil
  ) {
    self.endpoint = endpoint
    self.path = path
    self.method = method
    self.headers = headers
    self.body = body
    self.status = status
  }

  /// `GET http://127.0.0.1:8080/healthz/ready`.
  package var title: String { "\(method) http://\(endpoint)\(path)" }

  /// Letters in capitals only, as all methods are written.
  static func isMethod(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 20
      && text.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
  }

  /// Begins with `/`, visible ASCII only: anything else must be percent-encoded.
  static func isPath(_ text: String) -> Bool {
    text.utf8.first == UInt8(ascii: "/") && text.utf8.count <= 8192
      && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
  }

  /// A token of RFC 9110, section 5.6.2.
  static func isHeaderName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 256
      && text.utf8.allSatisfy { byte in
        (0x21...0x7E).contains(byte) && !#"(),/:;<=>?@[\]{}""#.utf8.contains(byte)
      }
  }
}

extension HTTPRequest: Codable {}
