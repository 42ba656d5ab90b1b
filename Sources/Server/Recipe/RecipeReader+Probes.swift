/// Probes, and what steps share with them.
extension RecipeReader {
  /// A mapping with one key that tells the kind of probe.
  func probe(_ node: YAMLNode) -> Probe? {
    let what = "a probe such as tcp: {port: 5432}"
    guard var fields = Fields(node, expected: what, findings) else { return nil }
    defer { fields.finish() }
    let found: [Probe?] = [
      fields.optional("tcp") { self.tcp($0) },
      fields.optional("http") { self.http($0) }.map { .http($0) },
      fields.optional("postgresql") { self.postgresql($0) },
      fields.optional("command") { findings.command($0) }.map { .command($0) },
    ]
    guard onlyOne(of: ["tcp", "http", "postgresql", "command"], in: fields, "probe") else {
      return nil
    }
    return found.lazy.compactMap { $0 }.first
  }

  /// Whether exactly one of some keys is there; tells it otherwise.
  func onlyOne(of names: [String], in fields: Fields, _ what: String) -> Bool {
    let found = names.filter { fields.has($0) }
    if found.count > 1 {
      findings.add(
        "expected one kind of \(what), found \(found.map { "`\($0)`" }.joined(separator: " and "))",
        at: fields.mark(of: found[1]))
    } else if found.isEmpty, fields.node.mapping?.isEmpty == true {
      findings.add("expected one of \(names.joined(separator: ", "))", at: fields.node.mark)
    }
    return found.count == 1
  }

  private func tcp(_ node: YAMLNode) -> Probe? {
    guard var fields = Fields(node, expected: "a port such as {port: 5432}", findings) else {
      return nil
    }
    defer { fields.finish() }
    return endpoint(&fields).map { .tcp($0) }
  }

  private func postgresql(_ node: YAMLNode) -> Probe? {
    let what = "a database such as {port: 5432, user: me}"
    guard var fields = Fields(node, expected: what, findings) else { return nil }
    defer { fields.finish() }
    let target = self.target(&fields)
    let query = fields.optional("query") { findings.text($0, "a query such as SELECT 1") }
    return target.map { .postgresql($0, query: query ?? Probe.defaultQuery) }
  }

  /// A request, for probes and steps.
  func http(_ node: YAMLNode) -> HTTPRequest? {
    let what = "a request such as {port: 8080, path: /}"
    guard var fields = Fields(node, expected: what, findings) else { return nil }
    defer { fields.finish() }
    let endpoint = self.endpoint(&fields)
    let path = fields.optional("path") {
      findings.parsed($0, "a path that begins with / and is percent-encoded") {
        HTTPRequest.isPath($0) ? $0 : nil
      }
    }
    let method = fields.optional("method") {
      findings.parsed($0, "a method such as GET") { HTTPRequest.isMethod($0) ? $0 : nil }
    }
    let headers = fields.optional("headers") { self.headers($0) }
    let body = fields.optional("body") { findings.text($0) }
    let status = fields.optional("status") { findings.integer($0, 200...599, "a status") }
    return endpoint.map {
      HTTPRequest(
        endpoint: $0, path: path ?? "/", method: method ?? "GET", headers: headers ?? [:],
        body: body, status: status)
    }
  }

  private func headers(_ node: YAMLNode) -> [String: String]? {
    let headers = findings.texts(
      node, "names and values such as {Accept: text/html}", isName: HTTPRequest.isHeaderName)
    for entry in node.mapping ?? [] {
      let name = entry.key.scalar ?? ""
      if HTTPExchange.isOwnHeader(name) {
        findings.add("the header `\(name)` is set by Thaw", at: entry.key.mark)
      }
      let value = entry.value.scalar ?? ""
      if !value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) {
        findings.add("expected a value on one line", at: entry.value.mark)
      }
    }
    return headers
  }

  /// The keys `host` and `port`.
  func endpoint(_ fields: inout Fields) -> Endpoint? {
    let host = fields.optional("host") {
      findings.parsed($0, "a host such as 127.0.0.1") { Endpoint.isHost($0) ? $0 : nil }
    }
    let port = fields.required("port") { findings.port($0) }
    return port.map { Endpoint(host: host ?? Endpoint.localHost, port: $0) }
  }

  /// The keys of a database.
  func target(_ fields: inout Fields) -> PostgreSQLTarget? {
    let endpoint = self.endpoint(&fields)
    let user = fields.required("user") { findings.line($0, "a user") }
    let password = fields.optional("password") { findings.text($0, "a password") }
    let database = fields.optional("database") { findings.line($0, "a database") }
    guard let endpoint, let user else { return nil }
    return PostgreSQLTarget(
      endpoint: endpoint, user: user, password: password, database: database)
  }
}
