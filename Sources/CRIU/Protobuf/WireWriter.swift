/// Writes protobuf's wire format.
struct WireWriter {
  /// What has been written.
  private(set) var bytes: [UInt8] = []

  /// Appends a number, seven bits a byte.
  mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Appends the lowest `count` bytes of a number, little-endian.
  mutating func littleEndian(_ value: UInt64, count: Int) {
    for index in 0..<count {
      bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(index))))
    }
  }

  /// Appends bytes as they are.
  mutating func raw(_ more: some Sequence<UInt8>) {
    bytes.append(contentsOf: more)
  }

  /// Appends a field: key, and value.
  mutating func field(_ field: WireField) {
    varint(UInt64(field.number) << 3 | field.value.wireType)
    switch field.value {
    case .varint(let value): varint(value)
    case .fixed64(let value): littleEndian(value, count: 8)
    case .fixed32(let value): littleEndian(UInt64(value), count: 4)
    case .bytes(let value):
      varint(UInt64(value.count))
      raw(value)
    case .message(let message):
      varint(UInt64(message.encodedSize))
      self.message(message)
    }
  }

  /// Appends all fields of a message, in their order.
  mutating func message(_ message: Message) {
    for field in message.fields { self.field(field) }
  }

  /// How many bytes ``varint(_:)`` appends.
  static func size(ofVarint value: UInt64) -> Int {
    max(1, (64 - value.leadingZeroBitCount + 6) / 7)
  }
}
