extension Field {
  /// Whether a value on the wire is of the field's type.
  ///
  /// Protobuf treats values of another wire type as fields that it does not know.
  func accepts(_ value: WireValue) -> Bool {
    switch (kind, value) {
    case (.message, .message), (.itself, .message), (.string, .bytes), (.bytes, .bytes): true
    case (.fixed32, .fixed32), (.sfixed32, .fixed32): true
    case (.fixed64, .fixed64), (.sfixed64, .fixed64): true
    case (.fixed32, _), (.sfixed32, _), (.fixed64, _), (.sfixed64, _): false
    case (.string, _), (.bytes, _), (.message, _), (.itself, _): false
    case (_, .varint): true
    default: false
    }
  }

  /// The whole number that a value on the wire stands for, `nil` if the field holds no number.
  func number(from value: WireValue) -> Int128? {
    switch (kind, value) {
    case (.int32, .varint(let raw)): Int128(Int32(truncatingIfNeeded: raw))
    case (.enumeration, .varint(let raw)): Int128(Int32(truncatingIfNeeded: raw))
    case (.int64, .varint(let raw)): Int128(Int64(bitPattern: raw))
    case (.uint32, .varint(let raw)): Int128(UInt32(truncatingIfNeeded: raw))
    case (.uint64, .varint(let raw)): Int128(raw)
    case (.sint32, .varint(let raw)): Int128(Int32(truncatingIfNeeded: Field.unzigzag(raw)))
    case (.sint64, .varint(let raw)): Int128(Field.unzigzag(raw))
    case (.bool, .varint(let raw)): raw == 0 ? 0 : 1
    case (.fixed32, .fixed32(let raw)): Int128(raw)
    case (.sfixed32, .fixed32(let raw)): Int128(Int32(bitPattern: raw))
    case (.fixed64, .fixed64(let raw)): Int128(raw)
    case (.sfixed64, .fixed64(let raw)): Int128(Int64(bitPattern: raw))
    default: nil
    }
  }

  /// The value on the wire for a whole number, `nil` if the field cannot hold it.
  func value(for number: Int128) -> WireValue? {
    switch kind {
    case .int32, .enumeration:
      Int32(exactly: number).map { .varint(UInt64(bitPattern: Int64($0))) }
    case .int64: Int64(exactly: number).map { .varint(UInt64(bitPattern: $0)) }
    case .uint32: UInt32(exactly: number).map { .varint(UInt64($0)) }
    case .uint64: UInt64(exactly: number).map { .varint($0) }
    case .sint32: Int32(exactly: number).map { .varint(Field.zigzag(Int64($0))) }
    case .sint64: Int64(exactly: number).map { .varint(Field.zigzag($0)) }
    case .bool: number == 0 || number == 1 ? .varint(UInt64(number)) : nil
    case .fixed32: UInt32(exactly: number).map { .fixed32($0) }
    case .sfixed32: Int32(exactly: number).map { .fixed32(UInt32(bitPattern: $0)) }
    case .fixed64: UInt64(exactly: number).map { .fixed64($0) }
    case .sfixed64: Int64(exactly: number).map { .fixed64(UInt64(bitPattern: $0)) }
    case .string, .bytes, .message, .itself: nil
    }
  }

  /// The numbers of a value: one, or all of a packed run; `nil` if it is neither.
  func numbers(from value: WireValue) -> [Int128]? {
    if let number = number(from: value) { return [number] }
    guard label == .repeated, !accepts(value), case .bytes(let run) = value else { return nil }
    var reader = WireReader(run)
    var numbers: [Int128] = []
    while !reader.isAtEnd {
      guard let raw = packedElement(&reader), let number = number(from: raw) else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  private func packedElement(_ reader: inout WireReader) -> WireValue? {
    do {
      switch kind {
      case .fixed32, .sfixed32:
        return .fixed32(UInt32(truncatingIfNeeded: try reader.littleEndian(4)))
      case .fixed64, .sfixed64: return .fixed64(try reader.littleEndian(8))
      case .string, .bytes, .message, .itself: return nil
      default: return .varint(try reader.varint())
      }
    } catch {
      return nil
    }
  }

  private static func zigzag(_ value: Int64) -> UInt64 {
    UInt64(bitPattern: value << 1 ^ value >> 63)
  }

  private static func unzigzag(_ raw: UInt64) -> Int64 {
    Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }
}
