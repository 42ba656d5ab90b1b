import CYAML

/// One event of libyaml, copied into Swift values.
struct YAMLEvent {
  /// What happened; only what the tree needs.
  enum Kind: Equatable {
    case none, streamStart, streamEnd, documentStart, documentEnd
    case alias
    case scalar(String, plain: Bool)
    case sequenceStart, sequenceEnd, mappingStart, mappingEnd
  }

  let kind: Kind
  /// The name behind `&` or `*`.
  let anchor: String?
  /// The tag, without the leading `!` of an application's own.
  let tag: String?
  let mark: YAMLNode.Mark

  init(_ event: yaml_event_t) {
    mark = YAMLNode.Mark(event.start_mark)
    var anchor: UnsafeMutablePointer<yaml_char_t>?
    var tag: UnsafeMutablePointer<yaml_char_t>?
    switch event.type {
    case YAML_STREAM_START_EVENT: kind = .streamStart
    case YAML_STREAM_END_EVENT: kind = .streamEnd
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
    case YAML_ALIAS_EVENT:
      kind = .alias
      anchor = event.data.alias.anchor
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      let plain = scalar.style == YAML_PLAIN_SCALAR_STYLE
      kind = .scalar(String(decoding: bytes, as: UTF8.self), plain: plain)
      anchor = scalar.anchor
      tag = scalar.tag
    case YAML_SEQUENCE_START_EVENT:
      kind = .sequenceStart
      anchor = event.data.sequence_start.anchor
      tag = event.data.sequence_start.tag
    case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      kind = .mappingStart
      anchor = event.data.mapping_start.anchor
      tag = event.data.mapping_start.tag
    case YAML_MAPPING_END_EVENT: kind = .mappingEnd
    default: kind = .none
    }
    self.anchor = anchor.map { String(cString: $0) }
    self.tag = tag.map { String(cString: $0) }.map {
      $0.hasPrefix("!") ? String($0.dropFirst()) : $0
    }
  }
}

extension YAMLNode.Mark {
  /// libyaml counts from zero.
  init(_ mark: yaml_mark_t) {
    self.init(line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
  }
}
