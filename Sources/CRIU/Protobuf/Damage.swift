/// Why bytes are not what they should be, and where.
struct Damage: Error, Hashable, Sendable {
  /// What is wrong.
  var reason: String
  /// How many bytes into the file or packet, where that is known.
  var offset: Int?
}

extension Damage: CustomStringConvertible {
  var description: String {
    guard let offset else { return reason }
    return "\(reason) at byte \(offset)"
  }
}
