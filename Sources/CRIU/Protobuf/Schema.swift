/// The fields of one protobuf message, as CRIU's `.proto` files declare them.
///
/// The tables in `Schema+*.swift` hold all messages of CRIU 4.2's images and of its RPC. A message
/// of a newer CRIU decodes with them too: fields that a table does not know are kept as they came.
public final class Schema: Sendable {
  /// The message's name, such as `vma_entry`.
  public let name: String
  /// The fields in ascending order of their numbers.
  public let fields: [Field]
  /// Positions in ``fields`` by field number, -1 for none: numbers are small and dense.
  private let positions: [Int16]

  /// Declares a message.
  init(_ name: String, _ fields: [Field]) {
    self.name = name
    self.fields = fields
    var positions = [Int16](repeating: -1, count: Int(fields.last?.number ?? 0) + 1)
    for (position, field) in fields.enumerated() {
      positions[Int(field.number)] = Int16(position)
    }
    self.positions = positions
  }

  /// The field with a number, `nil` for a number that the message does not have.
  public func field(numbered number: UInt32) -> Field? {
    guard number < positions.count, positions[Int(number)] >= 0 else { return nil }
    return fields[Int(positions[Int(number)])]
  }

  /// What a field that holds messages holds, `nil` for other fields.
  func messages(in field: Field) -> Schema? {
    switch field.kind {
    case .message(let schema): schema
    case .itself: self
    default: nil
    }
  }

  /// The field with a name, `nil` for a name that the message does not have.
  public func field(named name: String) -> Field? {
    fields.first { $0.name == name }
  }
}

extension Schema: Hashable {
  /// Two schemas are equal when they are the same table.
  public static func == (left: Schema, right: Schema) -> Bool { left === right }

  /// Hashes the identity of the table.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
