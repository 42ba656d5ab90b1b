extension Configuration {
  /// What the document says, without its comments and how it is laid out: two with the same bytes here mean the same.
  ///
  /// What might make a difference to some reader does here: the order of keys, quotes around a scalar.
  package var meaning: [UInt8] {
    var bytes: [UInt8] = []
    Self.write(root, to: &bytes)
    return bytes
  }

  private static func write(_ node: YAMLNode, to bytes: inout [UInt8]) {
    if let tag = node.tag { write("!", tag, to: &bytes) }
    switch node.content {
    case .scalar(let text, let plain): write(plain ? "p" : "q", text, to: &bytes)
    case .sequence(let nodes):
      write("s", "\(nodes.count)", to: &bytes)
      for node in nodes { write(node, to: &bytes) }
    case .mapping(let entries):
      write("m", "\(entries.count)", to: &bytes)
      for entry in entries {
        write(entry.key, to: &bytes)
        write(entry.value, to: &bytes)
      }
    }
  }

  /// A kind, and a text with its length: nothing in it can be taken for anything else.
  private static func write(_ kind: String, _ text: String, to bytes: inout [UInt8]) {
    bytes += Array("\(kind)\(text.utf8.count):\(text)".utf8)
  }
}
