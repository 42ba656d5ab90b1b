/// Reading and changing fields by their names in the `.proto` file.
///
/// A name that the schema does not have reads as absent and is not set; debug builds stop there,
/// since it is a mistake in the program, never in an image.
extension Message {
  /// Whether a field is there.
  public func has(_ name: String) -> Bool {
    guard let field = field(name) else { return false }
    return fields.contains { $0.number == field.number }
  }

  /// The number in a field, `nil` where it is absent; the last one where it is there more than
  /// once.
  public func number(_ name: String) -> Int128? {
    guard let field = field(name), let last = last(field) else { return nil }
    return field.numbers(from: last)?.last
  }

  /// The number in a field as an unsigned one of 64 bits; negative ones keep their bits.
  public func unsigned(_ name: String) -> UInt64? {
    number(name).map { UInt64(truncatingIfNeeded: $0) }
  }

  /// The number in a field as a signed one of 64 bits.
  public func signed(_ name: String) -> Int64? {
    number(name).map { Int64(truncatingIfNeeded: $0) }
  }

  /// The truth value in a field.
  public func flag(_ name: String) -> Bool? {
    number(name).map { $0 != 0 }
  }

  /// The text in a field, with U+FFFD for what is not UTF-8; ``bytes(_:)`` gives it unchanged.
  public func text(_ name: String) -> String? {
    bytes(name).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The bytes in a field of text or bytes.
  public func bytes(_ name: String) -> [UInt8]? {
    guard let field = field(name), case .bytes(let bytes)? = last(field) else { return nil }
    return bytes
  }

  /// The message in a field.
  public func message(_ name: String) -> Message? {
    guard let field = field(name), case .message(let message)? = last(field) else { return nil }
    return message
  }

  /// All numbers of a repeated field.
  public func numbers(_ name: String) -> [Int128] {
    guard let field = field(name) else { return [] }
    return fields.filter { $0.number == field.number }
      .flatMap { field.numbers(from: $0.value) ?? [] }
  }

  /// All texts of a repeated field.
  public func texts(_ name: String) -> [String] {
    guard let field = field(name) else { return [] }
    return fields.compactMap {
      guard $0.number == field.number, case .bytes(let bytes) = $0.value else { return nil }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// All messages of a repeated field.
  public func messages(_ name: String) -> [Message] {
    guard let field = field(name) else { return [] }
    return fields.compactMap {
      guard $0.number == field.number, case .message(let message) = $0.value else { return nil }
      return message
    }
  }

  /// The schema's field with a name.
  func field(_ name: String) -> Field? {
    let field = schema.field(named: name)
    assert(field != nil, "\(schema.name) has no field \(name)")
    return field
  }

  /// The value of the last field with a number: the one that counts, after protobuf's rules.
  func last(_ field: Field) -> WireValue? {
    fields.last { $0.number == field.number }?.value
  }
}
