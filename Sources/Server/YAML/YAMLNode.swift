/// One node of a YAML document, with the place where it stands.
///
/// Scalars keep their text as written: whether `8080` is a number or a word is the reader's
/// business.
package struct YAMLNode: Sendable, Hashable {
  /// A place in a file, counted from one; columns count characters, not bytes.
  package struct Mark: Sendable, Hashable {
    /// The line, from 1.
    package var line: Int
    /// The column, from 1.
    package var column: Int

    /// Makes a mark.
    package init(line: Int, column: Int) {
      self.line = line
      self.column = column
    }
  }

  /// What a node holds.
  package enum Content: Sendable, Hashable {
    /// A text; `plain` when it stood there without quotes and not as a block.
    case scalar(String, plain: Bool)
    /// A list.
    case sequence([YAMLNode])
    /// Keys and values in the order of the file; duplicates are kept.
    case mapping([Entry])
  }

  /// A key and its value.
  package struct Entry: Sendable, Hashable {
    /// The key, nearly always a scalar.
    package var key: YAMLNode
    /// The value.
    package var value: YAMLNode
  }

  /// What the node holds.
  package var content: Content
  /// The tag without its leading `!`, such as `Local`; standard tags keep their long form
  /// (`tag:yaml.org,2002:str`).
  package var tag: String?
  /// Where the node begins.
  package var mark: Mark

  /// Makes a node.
  package init(_ content: Content, tag: String? = nil, mark: Mark) {
    self.content = content
    self.tag = tag
    self.mark = mark
  }
}

extension YAMLNode {
  /// The text of a scalar, nil for lists and mappings.
  package var scalar: String? {
    guard case .scalar(let text, _) = content else { return nil }
    return text
  }

  /// The nodes of a list, nil for anything else.
  package var sequence: [YAMLNode]? {
    guard case .sequence(let nodes) = content else { return nil }
    return nodes
  }

  /// The entries of a mapping, nil for anything else.
  package var mapping: [Entry]? {
    guard case .mapping(let entries) = content else { return nil }
    return entries
  }

  /// Whether the node is YAML's null: nothing, `~` or `null`, without quotes and without a tag.
  package var isNull: Bool {
    guard tag == nil, case .scalar(let text, plain: true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// The value of a key of a mapping; the last one, should it stand there twice.
  package subscript(key key: String) -> YAMLNode? {
    mapping?.last { $0.key.scalar == key }?.value
  }

  /// The node as it is told in a message: `"soon"`, `nothing`, `a list`, `a mapping`.
  package var told: String {
    switch content {
    case .scalar("", plain: true): "nothing"
    case .scalar(let text, _): Told.quoted(text)
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}
