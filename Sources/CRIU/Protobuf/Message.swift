/// A protobuf message whose fields a ``Schema`` names.
///
/// The fields stay in the order in which they came, with those that the schema does not know in
/// their places. A message that is only read is written again byte for byte; one that is changed
/// differs in the changed fields alone.
public struct Message: Hashable, Sendable {
  /// What the fields are called and what they hold.
  public let schema: Schema
  /// How deep messages may lie in each other, which only a cgroup's folders do.
  static let depthLimit = 100

  /// The fields in the order of the wire.
  public internal(set) var fields: [WireField]

  /// Makes an empty message.
  public init(_ schema: Schema) {
    self.schema = schema
    fields = []
  }

  /// Decodes a message.
  ///
  /// Throws ``Damage`` where the bytes are not protobuf, or a required field is missing.
  init(_ schema: Schema, decoding bytes: [UInt8]) throws(Damage) {
    try self.init(schema, reading: WireReader(bytes))
  }

  /// Decodes a message from everything that a reader has left.
  init(_ schema: Schema, reading source: WireReader, depth: Int = 0) throws(Damage) {
    self.init(schema)
    guard depth < Message.depthLimit else {
      throw Damage(reason: "messages nested too deep", offset: source.position)
    }
    var reader = source
    let start = reader.position
    while !reader.isAtEnd {
      fields.append(try Message.field(of: schema, from: &reader, depth: depth))
    }
    for field in schema.fields where field.label == .required {
      guard fields.contains(where: { $0.number == field.number && field.accepts($0.value) })
      else {
        throw Damage(reason: "\(schema.name) without its \(field.name)", offset: start)
      }
    }
  }

  /// The bytes of the message.
  public func encoded() -> [UInt8] {
    var writer = WireWriter()
    writer.message(self)
    return writer.bytes
  }

  /// How many bytes ``encoded()`` gives.
  var encodedSize: Int {
    fields.reduce(0) { sum, field in
      sum + WireWriter.size(ofVarint: UInt64(field.number) << 3) + field.value.encodedSize
    }
  }

  private static func field(
    of schema: Schema, from reader: inout WireReader, depth: Int
  ) throws(Damage) -> WireField {
    let start = reader.position
    let key = try reader.varint()
    guard key >> 3 >= 1, key >> 3 <= 0x1fff_ffff else {
      throw Damage(reason: "\(schema.name) with a field numbered \(key >> 3)", offset: start)
    }
    let number = UInt32(key >> 3)
    switch key & 7 {
    case 0: return WireField(number: number, value: .varint(try reader.varint()))
    case 1: return WireField(number: number, value: .fixed64(try reader.littleEndian(8)))
    case 5:
      let value = UInt32(truncatingIfNeeded: try reader.littleEndian(4))
      return WireField(number: number, value: .fixed32(value))
    case 2:
      let range = try reader.delimited()
      if let inner = schema.field(numbered: number).flatMap({ schema.messages(in: $0) }) {
        let message = try Message(inner, reading: reader.reader(of: range), depth: depth + 1)
        return WireField(number: number, value: .message(message))
      }
      return WireField(number: number, value: .bytes(reader.bytes(in: range)))
    default:
      throw Damage(reason: "\(schema.name) with wire type \(key & 7)", offset: start)
    }
  }
}

extension WireValue {
  /// How many bytes the value takes after its key.
  var encodedSize: Int {
    switch self {
    case .varint(let value): return WireWriter.size(ofVarint: value)
    case .fixed64: return 8
    case .fixed32: return 4
    case .bytes(let value):
      return WireWriter.size(ofVarint: UInt64(value.count)) + value.count
    case .message(let message):
      let size = message.encodedSize
      return WireWriter.size(ofVarint: UInt64(size)) + size
    }
  }
}
