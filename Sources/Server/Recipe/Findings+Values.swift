import Linux

/// Readers for single values: each gives nil, and a finding, when the node is something else.
extension Findings {
  /// Any scalar but null, as written.
  func text(_ node: YAMLNode, _ what: String = "a text") -> String? {
    guard let text = node.scalar, !node.isNull else {
      expected(what, at: node)
      return nil
    }
    guard isOurs(node, what) else { return nil }
    guard !text.utf8.contains(0) else {
      add("expected \(what), found one with a zero byte", at: node.mark)
      return nil
    }
    return text
  }

  /// A scalar on one line with at least one character.
  func line(_ node: YAMLNode, _ what: String = "a text") -> String? {
    guard let text = text(node, what) else { return nil }
    guard !text.isEmpty, !text.unicodeScalars.contains(where: { $0 == "\n" || $0 == "\r" }) else {
      expected("\(what) on one line", at: node)
      return nil
    }
    return text
  }

  /// A scalar that `read` understands.
  func parsed<T>(_ node: YAMLNode, _ what: String, _ read: (String) -> T?) -> T? {
    guard isOurs(node, what) else { return nil }
    guard let text = node.scalar, !node.isNull, let value = read(text) else {
      expected(what, at: node)
      return nil
    }
    return value
  }

  /// A whole number within bounds.
  func integer(_ node: YAMLNode, _ range: ClosedRange<Int>, _ what: String) -> Int? {
    parsed(node, "\(what) from \(range.lowerBound) to \(range.upperBound)") {
      Int($0).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// `true` or `false`.
  func boolean(_ node: YAMLNode) -> Bool? {
    parsed(node, "true or false") { Bool($0) }
  }

  /// A port.
  func port(_ node: YAMLNode) -> UInt16? {
    integer(node, 1...65535, "a port").map { UInt16($0) }
  }

  /// A duration.
  func timeSpan(_ node: YAMLNode) -> TimeSpan? {
    parsed(node, "a duration such as 30s", TimeSpan.init)
  }

  /// An absolute path without `.` and `..`, below the root.
  func path(_ node: YAMLNode, _ what: String = "an absolute path") -> Path? {
    guard let text = line(node, what) else { return nil }
    let parts = text.split(separator: "/")
    guard text.hasPrefix("/"), !parts.isEmpty, !parts.contains("."), !parts.contains("..") else {
      expected("\(what), without . and ..", at: node)
      return nil
    }
    return Path("/" + parts.joined(separator: "/"))
  }

  /// One of a few words.
  func word<T: RawRepresentable & CaseIterable>(_ node: YAMLNode, of: T.Type) -> T?
  where T.RawValue == String {
    let words = T.allCases.map(\.rawValue)
    return parsed(node, words.joined(separator: " or ")) { T(rawValue: $0) }
  }

  /// A list whose items `read` understands; items that it does not are left out.
  func list<T>(_ node: YAMLNode, _ what: String, _ read: (YAMLNode) -> T?) -> [T]? {
    guard isOurs(node, what) else { return nil }
    guard let nodes = node.sequence else {
      expected(what, at: node)
      return nil
    }
    return nodes.compactMap(read)
  }

  /// A command: a list of words, the first not empty.
  func command(_ node: YAMLNode) -> [String]? {
    let what = "a command as a list of words such as [java, -jar, server.jar]"
    guard let words = list(node, what, { text($0, "a word of a command") }) else { return nil }
    guard let nodes = node.sequence, let first = nodes.first else {
      add("expected \(what), found an empty list", at: node.mark)
      return nil
    }
    guard words.first?.isEmpty == false else {
      if first.scalar == "" && !first.isNull { expected("the name of a program", at: first) }
      return nil
    }
    return words
  }

  /// Names and texts, such as an environment.
  func texts(
    _ node: YAMLNode, _ what: String, isName: (String) -> Bool
  ) -> [String: String]? {
    guard let mapping = node.mapping else {
      expected(what, at: node)
      return nil
    }
    var result: [String: String] = [:]
    for entry in mapping {
      guard let name = entry.key.scalar, isName(name) else {
        expected("a name", at: entry.key)
        continue
      }
      if result[name] != nil {
        add("`\(Told.plain(name, limit: 60))` is there already", at: entry.key.mark)
      }
      if let value = text(entry.value) { result[name] = value }
    }
    return result
  }

  /// Whether a node has no tag of an application's own; tells it otherwise.
  func isOurs(_ node: YAMLNode, _ what: String) -> Bool {
    guard let tag = node.tag, !tag.hasPrefix("tag:yaml.org,2002:") else { return true }
    add("expected \(what), found the tag !\(Told.plain(tag, limit: 60))", at: node.mark)
    return false
  }
}
