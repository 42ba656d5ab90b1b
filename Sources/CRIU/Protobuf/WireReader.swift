/// Reads protobuf's wire format out of part of an array, never past its end.
///
/// Numbers must be in their shortest form, which all that CRIU writes is. So whatever was accepted
/// is written again byte for byte.
struct WireReader {
  private let bytes: [UInt8]
  /// Where the next byte is read.
  private(set) var position: Int
  private let end: Int

  /// Reads the given part of `bytes`, all of it by default.
  init(_ bytes: [UInt8], in range: Range<Int>? = nil) {
    self.bytes = bytes
    let range = range ?? 0..<bytes.count
    position = range.lowerBound
    end = range.upperBound
  }

  /// Whether everything has been read.
  var isAtEnd: Bool { position >= end }

  /// How many bytes are left.
  var remaining: Int { end - position }

  /// The next number, seven bits a byte.
  mutating func varint() throws(Damage) -> UInt64 {
    let start = position
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < end {
      let byte = bytes[position]
      position += 1
      if shift == 63, byte > 1 { throw Damage(reason: "number beyond 64 bits", offset: start) }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 {
        guard byte != 0 || shift == 0 else {
          throw Damage(reason: "number not in its shortest form", offset: start)
        }
        return value
      }
      shift += 7
    }
    throw Damage(reason: "number cut off", offset: start)
  }

  /// The next `count` bytes as a little-endian number.
  mutating func littleEndian(_ count: Int) throws(Damage) -> UInt64 {
    let range = try take(count)
    return range.reversed().reduce(0) { $0 << 8 | UInt64(bytes[$1]) }
  }

  /// Where the next `count` bytes lie; they are passed over.
  mutating func take(_ count: Int) throws(Damage) -> Range<Int> {
    guard count >= 0, count <= remaining else {
      throw Damage(reason: "\(count) bytes expected, \(remaining) left", offset: position)
    }
    defer { position += count }
    return position..<position + count
  }

  /// The next `count` bytes.
  mutating func read(_ count: Int) throws(Damage) -> [UInt8] {
    Array(bytes[try take(count)])
  }

  /// Where the next length-delimited value lies; it is passed over.
  mutating func delimited() throws(Damage) -> Range<Int> {
    let start = position
    let length = try varint()
    guard length <= UInt64(remaining) else {
      throw Damage(reason: "value of \(length) bytes cut off", offset: start)
    }
    return try take(Int(length))
  }

  /// The bytes of a range that ``delimited()`` gave.
  func bytes(in range: Range<Int>) -> [UInt8] { Array(bytes[range]) }

  /// A reader of a range that ``delimited()`` gave; offsets stay those of the whole.
  func reader(of range: Range<Int>) -> WireReader { WireReader(bytes, in: range) }
}
