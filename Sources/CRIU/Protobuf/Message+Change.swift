extension Message {
  /// Sets a field to a number, or takes it away with `nil`.
  ///
  /// Returns false, and changes nothing, if the field cannot hold the number.
  @discardableResult
  public mutating func set(_ name: String, number: (some BinaryInteger)?) -> Bool {
    guard let field = field(name) else { return false }
    guard let number else { return put(field, []) }
    guard let exact = Int128(exactly: number), let value = field.value(for: exact) else {
      return false
    }
    return put(field, [value])
  }

  /// Sets a field to a truth value, or takes it away with `nil`.
  @discardableResult
  public mutating func set(_ name: String, flag: Bool?) -> Bool {
    set(name, number: flag.map { $0 ? 1 : 0 })
  }

  /// Sets a field to a text, or takes it away with `nil`.
  @discardableResult
  public mutating func set(_ name: String, text: String?) -> Bool {
    set(name, bytes: text.map { Array($0.utf8) })
  }

  /// Sets a field to bytes, or takes it away with `nil`.
  @discardableResult
  public mutating func set(_ name: String, bytes: [UInt8]?) -> Bool {
    guard let field = field(name), field.accepts(.bytes([])) else { return false }
    return put(field, bytes.map { [.bytes($0)] } ?? [])
  }

  /// Sets a field to a message, or takes it away with `nil`.
  @discardableResult
  public mutating func set(_ name: String, message: Message?) -> Bool {
    set(name, messages: message.map { [$0] } ?? [])
  }

  /// Sets all numbers of a repeated field.
  @discardableResult
  public mutating func set(_ name: String, numbers: [some BinaryInteger]) -> Bool {
    guard let field = field(name) else { return false }
    let values = numbers.compactMap { number in
      Int128(exactly: number).flatMap { field.value(for: $0) }
    }
    guard values.count == numbers.count else { return false }
    guard field.isPacked, !values.isEmpty else { return put(field, values) }
    var writer = WireWriter()
    for value in values { writer.element(value) }
    return put(field, [.bytes(writer.bytes)])
  }

  /// Sets all texts of a repeated field.
  @discardableResult
  public mutating func set(_ name: String, texts: [String]) -> Bool {
    guard let field = field(name), field.accepts(.bytes([])) else { return false }
    return put(field, texts.map { .bytes(Array($0.utf8)) })
  }

  /// Sets all messages of a repeated field.
  ///
  /// Returns false if a message is not of the schema that the field holds.
  @discardableResult
  public mutating func set(_ name: String, messages: [Message]) -> Bool {
    guard let field = field(name), let schema = schema.messages(in: field),
      messages.allSatisfy({ $0.schema === schema })
    else { return false }
    return put(field, messages.map { .message($0) })
  }

  /// Puts values where the field's first value stood, or where its number belongs.
  @discardableResult
  mutating func put(_ field: Field, _ values: [WireValue]) -> Bool {
    let place =
      fields.firstIndex { $0.number == field.number }
      ?? fields.lastIndex { $0.number < field.number }.map { $0 + 1 } ?? 0
    fields.removeAll { $0.number == field.number }
    fields.insert(
      contentsOf: values.map { WireField(number: field.number, value: $0) }, at: place)
    return true
  }
}

extension WireWriter {
  /// Appends a number of a packed run.
  mutating func element(_ value: WireValue) {
    switch value {
    case .varint(let value): varint(value)
    case .fixed64(let value): littleEndian(value, count: 8)
    case .fixed32(let value): littleEndian(UInt64(value), count: 4)
    case .bytes, .message: break
    }
  }
}
