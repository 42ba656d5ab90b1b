import CYAML

/// Reads YAML with libyaml's event parser into a tree of nodes.
///
/// One document a text. Anchors and aliases work; what they add up to is limited, so that a small
/// file cannot become a huge tree.
package struct YAMLParser: ~Copyable {
  /// What a text may be at most.
  package struct Limits: Sendable {
    /// Bytes of the text.
    package var bytes = 1 << 20
    /// Lists and mappings inside each other.
    package var depth = 64
    /// Nodes in all, those behind aliases counted each time.
    package var nodes = 100_000

    /// The usual limits.
    package init() {}
  }

  /// Why a text is no YAML that Thaw reads.
  package struct Failure: Error, Hashable {
    /// What is wrong.
    package var message: String
    /// Where.
    package var mark: YAMLNode.Mark
  }

  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let text: [UInt8]
  private let limits: Limits
  private var anchors: [String: (node: YAMLNode, weight: Int)] = [:]
  private var count = 0

  private init(_ text: [UInt8], limits: Limits) throws(Failure) {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      throw Failure(message: "out of memory", mark: YAMLNode.Mark(line: 1, column: 1))
    }
    self.parser = parser
    self.text = text
    self.limits = limits
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// The document in `text` (UTF-8, or UTF-16 with a byte order mark), nil when there is none.
  ///
  /// - Throws: `Failure` for what is no YAML, has several documents, or is beyond the limits.
  package static func parse(
    _ text: [UInt8], limits: Limits = Limits()
  ) throws(Failure) -> YAMLNode? {
    guard text.count <= limits.bytes else {
      throw Failure(
        message: "the file has \(text.count) bytes, at most \(limits.bytes) are read",
        mark: YAMLNode.Mark(line: 1, column: 1))
    }
    var parser = try YAMLParser(text, limits: limits)
    // libyaml keeps the pointer until the last event was read.
    let result = text.withUnsafeBufferPointer { bytes -> Result<YAMLNode?, Failure> in
      var none: UInt8 = 0
      return withUnsafePointer(to: &none) { empty in
        yaml_parser_set_input_string(parser.parser, bytes.baseAddress ?? empty, bytes.count)
        do throws(Failure) {
          return .success(try parser.document())
        } catch {
          return .failure(error)
        }
      }
    }
    return try result.get()
  }
}

extension YAMLParser {
  /// The one document of the stream.
  private mutating func document() throws(Failure) -> YAMLNode? {
    var root: YAMLNode?
    while true {
      let event = try next()
      switch event.kind {
      case .streamStart, .documentEnd: continue
      case .documentStart where root != nil:
        throw Failure(message: "expected one document, found a second one", mark: event.mark)
      case .documentStart: root = try node(from: try next(), depth: 0)
      default: return root
      }
    }
  }

  /// The node that begins with `event`.
  private mutating func node(from event: YAMLEvent, depth: Int) throws(Failure) -> YAMLNode {
    guard depth <= limits.depth else {
      throw Failure(message: "nested deeper than \(limits.depth) levels", mark: event.mark)
    }
    let before = count
    if event.kind != .alias { try add(1, at: event.mark) }
    let node: YAMLNode
    switch event.kind {
    case .scalar(let text, let plain):
      node = YAMLNode(.scalar(text, plain: plain), tag: event.tag, mark: event.mark)
    case .sequenceStart:
      node = YAMLNode(
        .sequence(try items(depth: depth + 1)), tag: event.tag, mark: event.mark)
    case .mappingStart:
      node = YAMLNode(
        .mapping(try entries(depth: depth + 1)), tag: event.tag, mark: event.mark)
    case .alias:
      return try aliased(event)
    default:
      throw Failure(message: "expected a value", mark: event.mark)
    }
    if let anchor = event.anchor { anchors[anchor] = (node, count - before) }
    return node
  }

  private mutating func items(depth: Int) throws(Failure) -> [YAMLNode] {
    var items: [YAMLNode] = []
    while true {
      let event = try next()
      if event.kind == .sequenceEnd { return items }
      items.append(try node(from: event, depth: depth))
    }
  }

  private mutating func entries(depth: Int) throws(Failure) -> [YAMLNode.Entry] {
    var entries: [YAMLNode.Entry] = []
    while true {
      let event = try next()
      if event.kind == .mappingEnd { return entries }
      let key = try node(from: event, depth: depth)
      entries.append(YAMLNode.Entry(key: key, value: try node(from: try next(), depth: depth)))
    }
  }

  /// A copy of the anchored node that stands where the alias stands.
  private mutating func aliased(_ event: YAMLEvent) throws(Failure) -> YAMLNode {
    guard let name = event.anchor, let (found, weight) = anchors[name] else {
      let name = Told.plain(event.anchor ?? "", limit: 60)
      throw Failure(message: "alias *\(name) without an anchor &\(name) above it", mark: event.mark)
    }
    try add(weight, at: event.mark)
    var node = found
    node.mark = event.mark
    return node
  }

  private mutating func add(_ weight: Int, at mark: YAMLNode.Mark) throws(Failure) {
    count += weight
    guard count <= limits.nodes else {
      throw Failure(message: "more than \(limits.nodes) values", mark: mark)
    }
  }

  /// The next event, copied out of libyaml.
  private mutating func next() throws(Failure) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
    defer { yaml_event_delete(&event) }
    return YAMLEvent(event)
  }

  /// What libyaml complains about.
  private var failure: Failure {
    let it = parser.pointee
    let problem = it.problem.map { String(cString: $0) } ?? "unknown error"
    switch it.error {
    case YAML_READER_ERROR:
      return Failure(
        message: "not valid YAML: \(problem)", mark: mark(ofByte: it.problem_offset))
    case YAML_SCANNER_ERROR, YAML_PARSER_ERROR:
      let context = it.context.map {
        " \(String(cString: $0)) from line \(it.context_mark.line + 1)"
      }
      return Failure(
        message: "not valid YAML: \(problem)\(context ?? "")", mark: .init(it.problem_mark))
    default:
      return Failure(message: "not readable: \(problem)", mark: .init(it.mark))
    }
  }

  /// The place of a byte, for what libyaml finds before it counts lines.
  private func mark(ofByte offset: Int) -> YAMLNode.Mark {
    let before = text.prefix(offset)
    let line = before.split(separator: 0x0A, omittingEmptySubsequences: false)
    let column = String(decoding: line.last ?? [], as: UTF8.self).unicodeScalars.count
    return YAMLNode.Mark(line: line.count, column: column + 1)
  }
}
