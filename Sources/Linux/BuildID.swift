/// The number by which a linker tells each build of a program from all others: the note `NT_GNU_BUILD_ID` of an ELF file.
///
/// Source: `elf(5)`, and the GNU linker's option `--build-id`.
public struct BuildID: Sendable, Hashable {
  /// Its bytes as hexadecimal digits: 40 of them where it is a SHA-1, which is usual.
  public let hexadecimal: String

  private static let noteType: UInt32 = 3
  private static let owner: [UInt8] = Array("GNU\0".utf8)
  /// Linkers put the notes behind the program headers.
  private static let reach = 4096

  /// Reads that of a 64-bit program; nil if it has none among its first bytes, or is no such program.
  public init?(of program: Path) throws(Errno) {
    let head = try Descriptor.open(program, .readOnly).read(upTo: Self.reach, at: 0)
    self.init(head: head[...])
  }

  /// Looks for it among the first bytes of a program, the lowest byte of each number first.
  init?(head: ArraySlice<UInt8>) {
    let magic: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1]
    guard head.starts(with: magic), let table = Self.number(head, 32, 8), table < head.count,
      let size = Self.number(head, 54, 2), let count = Self.number(head, 56, 2)
    else { return nil }
    for index in 0..<count {
      let entry = table + index * size
      guard let type = Self.number(head, entry, 4), let start = Self.number(head, entry + 8, 8),
        let length = Self.number(head, entry + 32, 8)
      else { return nil }
      let notes = 4
      guard type == notes, let note = Self.bytes(head, start, length) else { continue }
      guard let id = Self.id(inNote: note) else { continue }
      hexadecimal = id
      return
    }
    return nil
  }

  /// The number in the first note of a segment; linkers put this note into a segment of its own, or first.
  private static func id(inNote note: ArraySlice<UInt8>) -> String? {
    let header = 12
    guard let nameSize = number(note, 0, 4), let size = number(note, 4, 4),
      number(note, 8, 4) == Int(noteType), nameSize == owner.count,
      bytes(note, header, nameSize).map({ $0.elementsEqual(owner) }) == true,
      let id = bytes(note, header + nameSize, size), !id.isEmpty
    else { return nil }
    return id.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func bytes(
    _ all: ArraySlice<UInt8>, _ start: Int, _ count: Int
  ) -> ArraySlice<UInt8>? {
    guard start >= 0, count >= 0, start <= all.count, count <= all.count - start else { return nil }
    return all[all.startIndex + start..<all.startIndex + start + count]
  }

  private static func number(_ all: ArraySlice<UInt8>, _ start: Int, _ count: Int) -> Int? {
    guard let bytes = bytes(all, start, count) else { return nil }
    return Int(exactly: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }
}
