extension Message {
  /// Makes a message from the form that `crit decode` gives, pretty or not.
  ///
  /// Members that the schema does not know are left out, as `crit encode` does.
  init(_ schema: Schema, json: JSONValue) throws(Damage) {
    guard case .object = json else { throw Damage(reason: "\(schema.name) is no JSON object") }
    self.init(schema)
    for field in schema.fields {
      guard let value = json[field.name] else { continue }
      let values = try field.values(from: value, in: schema)
      fields += values.map { WireField(number: field.number, value: $0) }
    }
    for field in schema.fields where field.label == .required {
      guard fields.contains(where: { $0.number == field.number }) else {
        throw Damage(reason: "\(schema.name) without its \(field.name)")
      }
    }
  }
}

extension Field {
  fileprivate func values(from json: JSONValue, in schema: Schema) throws(Damage) -> [WireValue] {
    let values: [WireValue]?
    if label != .repeated {
      values = try value(from: json, in: schema).map { [$0] }
    } else if case .array(let elements) = json {
      values = try repeated(elements, in: schema)
    } else {
      values = nil
    }
    guard let values else { throw Damage(reason: "\(schema.name) with a strange \(name)") }
    return values
  }

  private func repeated(
    _ elements: [JSONValue], in schema: Schema
  ) throws(Damage) -> [WireValue]? {
    if case .address = presentation, elements.count == 1, let text = elements[0].string {
      return InternetAddress.words(of: text)?.compactMap { value(for: $0) }
    }
    var values: [WireValue] = []
    for element in elements {
      guard let value = try value(from: element, in: schema) else { return nil }
      values.append(value)
    }
    guard isPacked, !values.isEmpty else { return values }
    var writer = WireWriter()
    for value in values { writer.element(value) }
    return [.bytes(writer.bytes)]
  }

  private func value(from json: JSONValue, in schema: Schema) throws(Damage) -> WireValue? {
    if let inner = schema.messages(in: self) { return .message(try Message(inner, json: json)) }
    return switch (kind, json) {
    case (.string, .string(let text)): .bytes(Array(text.utf8))
    case (.string, .object): json["bytes"]?.string.flatMap { Base64.decode($0) }.map { .bytes($0) }
    case (.bytes, .string(let text)): decoded(text).map { .bytes($0) }
    case (.bool, .bool(let flag)): value(for: flag ? 1 : 0)
    case (_, .number(let number)): value(for: number)
    case (.enumeration(let names), .string(let text)):
      names.number(of: text).flatMap { value(for: Int128($0)) }
    case (_, .string(let text)): number(from: text).flatMap { value(for: $0) }
    default: nil
    }
  }

  private func decoded(_ text: String) -> [UInt8]? {
    if case .quotedPrintable = presentation { return QuotedPrintable.decode(text) }
    return Base64.decode(text)
  }

  private func number(from text: String) -> Int128? {
    switch presentation {
    case .device, .oldDevice: device(text) ?? wholeNumber(text)
    case .flags(let names): names.value(of: text)
    case .names(let names): names.number(of: text).map { Int128($0) } ?? wholeNumber(text)
    default: wholeNumber(text)
    }
  }

  private func device(_ text: String) -> Int128? {
    let parts = text.split(separator: ":").compactMap { UInt64($0) }
    guard parts.count == 2, parts.allSatisfy({ $0 <= UInt32.max }) else { return nil }
    if case .oldDevice = presentation {
      return OldDevice.number(major: parts[0], minor: parts[1])
    }
    return Int128(parts[0]) << 20 | Int128(parts[1])
  }
}
