/// Reads the parts of one message; whatever is missing is an error.
struct PostgreSQLPayload {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) {
    rest = bytes
  }

  /// How many bytes are left.
  var count: Int { rest.count }

  mutating func byte() throws(PostgreSQLError) -> UInt8 {
    guard let byte = rest.popFirst() else { throw Self.short }
    return byte
  }

  mutating func int16() throws(PostgreSQLError) -> Int16 {
    let bytes = try self.bytes(2)
    return Int16(bitPattern: bytes.reduce(0) { $0 << 8 | UInt16($1) })
  }

  mutating func int32() throws(PostgreSQLError) -> Int32 {
    let bytes = try self.bytes(4)
    return Int32(bitPattern: bytes.reduce(0) { $0 << 8 | UInt32($1) })
  }

  mutating func bytes(_ count: Int) throws(PostgreSQLError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= rest.count else { throw Self.short }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  /// A text that a zero byte ends.
  mutating func text() throws(PostgreSQLError) -> String {
    guard let end = rest.firstIndex(of: 0) else { throw Self.short }
    defer { rest = rest[(end + 1)...] }
    return String(decoding: rest[..<end], as: UTF8.self)
  }

  /// All that is left.
  mutating func remainder() -> ArraySlice<UInt8> {
    defer { rest = [] }
    return rest
  }

  private static var short: PostgreSQLError {
    PostgreSQLError(.malformed, "a message of the server ends too early")
  }
}
