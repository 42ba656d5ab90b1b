extension Message {
  /// The message as `crit decode` shows it, or as `crit decode --pretty` does.
  ///
  /// Like there, fields that the schema does not know are left out. Two things differ, where crit
  /// fails: a name that an enumeration lacks is shown as its number, and text that is not UTF-8 as
  /// an object with its bytes.
  public func json(pretty: Bool = false) -> JSONValue {
    .object(members(pretty: pretty, hex: false))
  }

  /// The members of the message's object, in the order of the field numbers.
  func members(pretty: Bool, hex: Bool) -> [JSONValue.Member] {
    schema.fields.compactMap { field in
      let values = fields.filter { $0.number == field.number }.map(\.value)
      guard !values.isEmpty else { return nil }
      let shown = Shown(field: field, pretty: pretty, hex: hex)
      return shown.value(of: values).map { JSONValue.Member(field.name, $0) }
    }
  }
}

/// How the values of one field are shown.
private struct Shown {
  let field: Field
  let pretty: Bool
  let hex: Bool

  func value(of values: [WireValue]) -> JSONValue? {
    if field.label != .repeated { return values.last.flatMap { single($0) } }
    if case .address = field.presentation, pretty,
      let text = InternetAddress.text(of: values.flatMap { field.numbers(from: $0) ?? [] })
    {
      return .array([.string(text)])
    }
    let elements = values.flatMap { value in
      field.numbers(from: value)?.map { number($0) } ?? single(value).map { [$0] } ?? []
    }
    return elements.isEmpty ? nil : .array(elements)
  }

  private func single(_ value: WireValue) -> JSONValue? {
    switch (field.kind, value) {
    case (.message, .message(let message)), (.itself, .message(let message)):
      .object(message.members(pretty: pretty, hex: isHex))
    case (.string, .bytes(let bytes)): text(bytes)
    case (.bytes, .bytes(let bytes)): .string(encoded(bytes))
    default: field.number(from: value).map { number($0) }
    }
  }

  private var isHex: Bool {
    if case .hex = field.presentation { true } else { hex }
  }

  private func text(_ bytes: [UInt8]) -> JSONValue {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return .object([JSONValue.Member("bytes", .string(Base64.encode(bytes)))])
    }
    return .string(text)
  }

  private func encoded(_ bytes: [UInt8]) -> String {
    if case .quotedPrintable = field.presentation { return QuotedPrintable.encode(bytes) }
    return Base64.encode(bytes)
  }

  private func number(_ number: Int128) -> JSONValue {
    switch field.kind {
    case .bool: return .bool(number != 0)
    case .enumeration(let names):
      return names.name(of: number).map { .string($0) } ?? .number(number)
    default: break
    }
    guard pretty else { return .number(number) }
    if isHex { return .string(hexadecimal(number)) }
    switch field.presentation {
    case .device: return .string("\(number >> 20):\(number & 0xfffff)")
    case .oldDevice: return .string(OldDevice.text(of: number))
    case .flags(let names): return .string(names.text(of: number))
    case .names(let names): return names.name(of: number).map { .string($0) } ?? .number(number)
    default: return .number(number)
    }
  }
}

/// The C library's device numbers, whose major and minor parts lie in pieces.
enum OldDevice {
  /// `major:minor`.
  static func text(of number: Int128) -> String {
    let raw = UInt64(truncatingIfNeeded: number)
    let major = raw >> 8 & 0xfff | raw >> 32 & 0xffff_f000
    let minor = raw & 0xff | raw >> 12 & 0xffff_ff00
    return "\(major):\(minor)"
  }

  /// The number that `major` and `minor` make.
  static func number(major: UInt64, minor: UInt64) -> Int128 {
    let low = (major & 0xfff) << 8 | minor & 0xff
    return Int128(low | (major & 0xffff_f000) << 32 | (minor & 0xffff_ff00) << 12)
  }
}
