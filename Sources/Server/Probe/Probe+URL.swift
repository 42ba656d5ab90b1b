extension Probe {
  /// What a URL of a probe may look like, for messages and help.
  package static let urlForms =
    "http://HOST:PORT/PATH, tcp://HOST:PORT, postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
    + " or exec:COMMAND LINE"

  /// Reads the URL form; user, password and database may be percent-encoded, a query to ask may
  /// follow as `?query=…`.
  ///
  /// - Throws: `RecipeError` that tells what is wrong, without the password.
  package init(url: String) throws(RecipeError) {
    let fail = { (message: String) in RecipeError("probe \(Self.shown(url))", message) }
    guard let colon = url.firstIndex(of: ":") else { throw fail("expected \(Self.urlForms)") }
    let rest = url[url.index(after: colon)...]
    let scheme = url[..<colon].lowercased()
    if scheme == "exec" {
      guard let words = ShellWords.split(String(rest)), words.first?.isEmpty == false,
        !rest.utf8.contains(0)
      else { throw fail("expected a command line with all quotes closed") }
      self = .command(words)
      return
    }
    guard ["http", "tcp", "postgresql", "postgres"].contains(scheme), rest.hasPrefix("//") else {
      let hint = scheme == "https" ? "TLS is not spoken here; " : ""
      throw fail("\(hint)expected \(Self.urlForms)")
    }
    let parts = try Parts(rest.dropFirst(2), fail)
    switch scheme {
    case "http": self = .http(try parts.request(fail))
    case "tcp": self = .tcp(try parts.bare(fail))
    default: self = try parts.postgresql(fail)
    }
  }

  /// The URL form, with the password.
  ///
  /// Headers, methods, bodies and a wanted status have no place in it.
  package var url: String {
    guard case .postgresql(let target, _) = self, let password = target.password else {
      return description
    }
    let user = URLText.encoded(target.user)
    let prefix = "postgresql://\(user)"
    return prefix + ":" + URLText.encoded(password) + description.dropFirst(prefix.count)
  }

  /// The URL with whatever may be a password left out.
  private static func shown(_ url: String) -> String {
    guard let at = url.lastIndex(of: "@"), let slashes = url.firstRange(of: "://"),
      slashes.upperBound <= at
    else { return Told.quoted(url) }
    return Told.quoted(url[..<slashes.upperBound] + "…" + url[at...])
  }
}

extension Probe: CustomStringConvertible {
  /// The URL form without the password.
  package var description: String {
    switch self {
    case .tcp(let endpoint): return "tcp://\(endpoint)"
    case .http(let request): return "http://\(request.endpoint)\(request.path)"
    case .postgresql(let target, let query):
      let asked = query == Self.defaultQuery ? "" : "?query=\(URLText.encoded(query))"
      return target.title + asked
    case .command(let words): return "exec:\(ShellWords.joined(words))"
    }
  }
}

/// A URL behind its scheme, cut into parts.
private struct Parts {
  var user: Substring?
  var host: String
  var port: UInt16?
  /// From the first `/` or `?` on.
  var path: Substring

  typealias Fail = (String) -> RecipeError

  init(_ text: Substring, _ fail: Fail) throws(RecipeError) {
    let end = text.firstIndex { "/?#".contains($0) } ?? text.endIndex
    var authority = text[..<end]
    path = text[end...]
    if let at = authority.lastIndex(of: "@") {
      user = authority[..<at]
      authority = authority[authority.index(after: at)...]
    }
    var digits: Substring?
    if authority.hasPrefix("["), let close = authority.firstIndex(of: "]") {
      host = String(authority[authority.index(after: authority.startIndex)..<close])
      let tail = authority[authority.index(after: close)...]
      guard tail.isEmpty || tail.hasPrefix(":") else { throw fail("expected a port after ]") }
      digits = tail.isEmpty ? nil : tail.dropFirst()
    } else {
      let colon = authority.firstIndex(of: ":")
      host = String(authority[..<(colon ?? authority.endIndex)])
      digits = colon.map { authority[authority.index(after: $0)...] }
      guard !host.contains(":") else { throw fail("expected an IPv6 address in brackets") }
    }
    guard Endpoint.isHost(host) else { throw fail("expected a host") }
    if let digits {
      guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(digits),
        number > 0
      else { throw fail("expected a port from 1 to 65535, found \(Told.quoted(String(digits)))") }
      port = number
    }
  }

  func bare(_ fail: Fail) throws(RecipeError) -> Endpoint {
    guard let port else { throw fail("expected a port") }
    guard user == nil, path.isEmpty || path == "/" else {
      throw fail("expected nothing but a host and a port")
    }
    return Endpoint(host: host, port: port)
  }

  func request(_ fail: Fail) throws(RecipeError) -> HTTPRequest {
    guard user == nil else { throw fail("expected no user in it") }
    let path = path.hasPrefix("/") ? String(path) : "/" + path
    guard HTTPRequest.isPath(path) else {
      throw fail("expected a path of visible ASCII letters without #")
    }
    return HTTPRequest(endpoint: Endpoint(host: host, port: port ?? 80), path: path)
  }

  func postgresql(_ fail: Fail) throws(RecipeError) -> Probe {
    let parts = (user ?? "").split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first.flatMap(URLText.decoded), !name.isEmpty else {
      throw fail("expected a user before the host, as in postgresql://USER@HOST:PORT/DATABASE")
    }
    let password = parts.count > 1 ? URLText.decoded(parts[1]) : nil
    guard parts.count < 2 || password != nil else { throw fail("expected %xx in the password") }
    let pieces = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard let database = URLText.decoded((pieces.first ?? "").drop { $0 == "/" }),
      !database.contains("/")
    else { throw fail("expected one database after the host") }
    var query = Probe.defaultQuery
    if pieces.count > 1 {
      guard pieces[1].hasPrefix("query="), let text = URLText.decoded(pieces[1].dropFirst(6)),
        !text.isEmpty
      else { throw fail("expected nothing but query=… after the question mark") }
      query = text
    }
    let target = PostgreSQLTarget(
      endpoint: Endpoint(host: host, port: port ?? 5432), user: name, password: password,
      database: database.isEmpty ? nil : database)
    return .postgresql(target, query: query)
  }
}
