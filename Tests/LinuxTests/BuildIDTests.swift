import Linux
import TestBed
import Testing

@Suite struct BuildIDTests {
  /// The head of a 64-bit program: its header, two program headers, the notes that they tell of.
  private static let program: [UInt8] = {
    var bytes: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 57)
    bytes[32] = 64  // where the program headers are, how large one is, how many there are
    bytes[54] = 56
    bytes[56] = 2
    func segment(_ type: UInt8, at start: UInt8, _ length: UInt8) -> [UInt8] {
      var entry = [UInt8](repeating: 0, count: 56)
      (entry[0], entry[8], entry[32]) = (type, start, length)
      return entry
    }
    func note(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
      [4, 0, 0, 0, UInt8(content.count), 0, 0, 0, type, 0, 0, 0] + Array("GNU\0".utf8) + content
    }
    let (property, id) = (note(5, [9, 9, 9, 9]), note(3, [0xba, 0x1b, 0x0c, 0xff]))
    bytes += segment(4, at: 176, UInt8(property.count))
    bytes += segment(4, at: 176 + UInt8(property.count), UInt8(id.count))
    return bytes + property + id
  }()

  private func buildID(of bytes: [UInt8]) throws -> BuildID? {
    let folder = try TemporaryDirectory()
    try FileSystem.writeFile(folder.path / "program", bytes)
    return try BuildID(of: folder.path / "program")
  }

  @Test func `it is read from the note of that type`() throws {
    #expect(try buildID(of: Self.program)?.hexadecimal == "ba1b0cff")
  }

  @Test func `what is cut off anywhere has none`() throws {
    for length in 0..<Self.program.count {
      #expect(try buildID(of: Array(Self.program.prefix(length))) == nil)
    }
  }

  @Test(arguments: [32, 33, 39, 54, 57, 64, 72, 79, 96, 120, 180, 196, 208])
  func `a wrong number in it leads nowhere`(place: Int) throws {
    var bytes = Self.program
    bytes[place] = 0xff
    // Whatever it finds, it ends.
    if let id = try buildID(of: bytes) { #expect(id.hexadecimal == "ba1b0cff") }
  }

  @Test func `a table at the end of all addresses is none`() throws {
    var bytes = Self.program
    bytes.replaceSubrange(32..<40, with: [UInt8](repeating: 0xff, count: 7) + [0x7f])
    #expect(try buildID(of: bytes) == nil)
  }

  @Test func `a program that is not there is told`() {
    #expect(throws: Errno.noEntry) { try BuildID(of: "/nowhere/at/all") }
  }
}
