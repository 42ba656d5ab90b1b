/// The value of one field as it stands on the wire.
public enum WireValue: Hashable, Sendable {
  /// Wire type 0: whole numbers, truth values, enumerations.
  case varint(UInt64)
  /// Wire type 1: eight bytes, little-endian.
  case fixed64(UInt64)
  /// Wire type 5: four bytes, little-endian.
  case fixed32(UInt32)
  /// Wire type 2: text, bytes, packed numbers, and messages of unknown fields.
  case bytes([UInt8])
  /// Wire type 2, of a field that the schema knows as a message.
  case message(Message)

  /// The wire type that goes into the field's key.
  var wireType: UInt64 {
    switch self {
    case .varint: 0
    case .fixed64: 1
    case .bytes, .message: 2
    case .fixed32: 5
    }
  }
}

/// A field of a message: its number and one value, in the place where it stood.
public struct WireField: Hashable, Sendable {
  /// The field's number.
  public let number: UInt32
  /// The value.
  public var value: WireValue
}
