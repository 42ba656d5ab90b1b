import Linux

/// Reads a tar archive from its beginning to its end: POSIX ustar with pax records.
struct TarReader: ~Copyable {
  private(set) var input: ArchiveInput
  /// The bytes of the current member that were not read yet, and the zeros behind them.
  private var left: Int64 = 0
  private var padding = 0
  private var isAtEnd = false
  private let buffer: UnsafeMutableRawBufferPointer

  /// No pax header is longer: the largest attribute has 64 KiB.
  private static let longestHeader = 1 << 20

  init(_ input: consuming ArchiveInput) {
    self.input = input
    buffer = .allocate(byteCount: 256 << 10, alignment: 4096)
  }

  deinit {
    buffer.deallocate()
  }

  /// The next member; nil after the last one, when the archive has been read to its end.
  ///
  /// Content that was not read is passed over.
  mutating func next() throws(CheckpointError) -> TarMember? {
    guard !isAtEnd else { return nil }
    try content { _ in }
    var records: [String: [UInt8]] = [:]
    while true {
      let block = try input.read(TarMember.block)
      guard block.contains(where: { $0 != 0 }) else {
        try end()
        isAtEnd = true
        return nil
      }
      let header = try Header(block, in: input)
      switch header.type {
      case UInt8(ascii: "x"):
        records = try paxRecords(header.size)
      case UInt8(ascii: "g"):
        _ = try paxRecords(header.size)
      default:
        let member = try header.member(records, in: input)
        left = member.size
        padding = TarMember.padding(after: left)
        return member
      }
    }
  }

  /// Calls a function with the content of the current member, piece by piece.
  mutating func content(
    _ body: (UnsafeRawBufferPointer) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    while left > 0 {
      let part = UnsafeMutableRawBufferPointer(
        rebasing: buffer[..<Int(min(left, Int64(buffer.count)))])
      guard try input.read(into: part) == part.count else { throw input.endsTooEarly() }
      left -= Int64(part.count)
      try body(UnsafeRawBufferPointer(part))
    }
    _ = try input.read(padding)
    padding = 0
  }

  /// All of the current member's content, if it has at most so many bytes.
  mutating func content(upTo limit: Int) throws(CheckpointError) -> [UInt8] {
    guard left <= limit else { throw input.damaged("its description is too long") }
    let bytes = try input.read(Int(left))
    left = 0
    try content { _ in }
    return bytes
  }

  /// Reads what follows the last member: zeros, and the checksum of what was decompressed.
  private mutating func end() throws(CheckpointError) {
    for _ in 0..<64 {
      let count = try input.read(into: buffer)
      guard UnsafeRawBufferPointer(rebasing: buffer[..<count]).isZero else {
        throw input.damaged("something follows its end")
      }
      if count < buffer.count { return }
    }
    throw input.damaged("something follows its end")
  }

  private mutating func paxRecords(_ size: Int64) throws(CheckpointError) -> [String: [UInt8]] {
    guard size <= Self.longestHeader else { throw input.damaged("a header is too long") }
    let bytes = try input.read(Int(size))
    _ = try input.read(TarMember.padding(after: size))
    var records: [String: [UInt8]] = [:]
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let space = rest.prefix(8).firstIndex(of: UInt8(ascii: " ")),
        let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
        length > space - rest.startIndex + 1, length <= rest.count,
        let equals = rest[space...].firstIndex(of: UInt8(ascii: "=")),
        equals < rest.startIndex + length - 1, rest[rest.startIndex + length - 1] == 10
      else { throw input.damaged("a header cannot be read") }
      let last = rest.startIndex + length - 1
      let key = String(decoding: rest[(space + 1)..<equals], as: UTF8.self)
      records[key] = Array(rest[(equals + 1)..<last])
      rest = rest[(last + 1)...]
    }
    return records
  }

  /// One block that describes what follows.
  private struct Header {
    let block: [UInt8]
    let type: UInt8
    let size: Int64

    init(_ block: [UInt8], in input: borrowing ArchiveInput) throws(CheckpointError) {
      self.block = block
      guard block[257..<262].elementsEqual("ustar".utf8) else {
        throw input.damaged("it is no archive of Thaw")
      }
      var sum: Int64 = 8 * 32
      for (index, byte) in block.enumerated() where !(148..<156).contains(index) {
        sum += Int64(byte)
      }
      guard Self.number(block[148..<156]) == sum, let size = Self.number(block[124..<136]) else {
        throw input.damaged("a header cannot be read")
      }
      type = block[156]
      self.size = size
    }

    /// Octal digits, with spaces or zeros at the end; nil if it is something else.
    private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
      let text = field.drop { $0 == 32 }.prefix { $0 != 0 && $0 != 32 }
      guard text.allSatisfy({ (48...55).contains($0) }), text.count <= 12 else { return nil }
      return text.reduce(0) { $0 * 8 + Int64($1 - 48) }
    }

    private func text(_ range: Range<Int>) -> String {
      String(decoding: block[range].prefix { $0 != 0 }, as: UTF8.self)
    }

    /// What is described, pax records before fields.
    func member(
      _ records: [String: [UInt8]], in input: borrowing ArchiveInput
    ) throws(CheckpointError) -> TarMember {
      let told = { (key: String) in records[key].map { String(decoding: $0, as: UTF8.self) } }
      let number = { (key: String, range: Range<Int>) -> Int64? in
        guard let text = told(key) else { return Self.number(block[range]) }
        return Int64(text)
      }
      let prefix = text(345..<500)
      let name = told("path") ?? (prefix.isEmpty ? "" : prefix + "/") + text(0..<100)
      let link = told("linkpath") ?? text(157..<257)
      let modified =
        told("mtime").map(PaxTime.parse)
        ?? Self.number(block[136..<148]).map { Timestamp(seconds: $0) }
      guard let mode = Self.number(block[100..<108]),
        let owner = number("uid", 108..<116).flatMap({ UInt32(exactly: $0) }),
        let group = number("gid", 116..<124).flatMap({ UInt32(exactly: $0) }),
        let size = number("size", 124..<136), size >= 0, let modified
      else { throw input.damaged("the header of \(Self.shown(name)) cannot be read") }
      guard let kind = kind(told(TarMember.commentKey), size: size, link: link) else {
        throw input.damaged("\(Self.shown(name)) is of a kind that no checkpoint has")
      }
      guard !name.utf8.contains(0), !link.utf8.contains(0) else {
        throw input.damaged("a name in it has a zero")
      }
      let isFolder = kind == .directory && name.hasSuffix("/")
      var member = TarMember(path: isFolder ? String(name.dropLast()) : name, kind: kind)
      member.mode = FileMode(rawValue: UInt32(mode & 0o7777))
      (member.owner, member.group, member.modified) = (owner, group, modified)
      for (key, value) in records where key.hasPrefix(TarMember.attributeKey) {
        member.attributes[String(key.dropFirst(TarMember.attributeKey.count))] = value
      }
      return member
    }

    private func kind(_ told: String?, size: Int64, link: String) -> TarMember.Kind? {
      switch type {
      case 0, UInt8(ascii: "0"):
        told == TarMember.socketComment && size == 0 ? .socket : .file(size: size)
      case UInt8(ascii: "1"): size == 0 ? .hardLink(link) : nil
      case UInt8(ascii: "2"): size == 0 ? .symbolicLink(link) : nil
      case UInt8(ascii: "3"):
        size == 0 && Self.number(block[329..<337]) == 0 && Self.number(block[337..<345]) == 0
          ? .whiteout : nil
      case UInt8(ascii: "5"): size == 0 ? .directory : nil
      case UInt8(ascii: "6"): size == 0 ? .fifo : nil
      default: nil
      }
    }

    /// A name from outside, for an error's text.
    private static func shown(_ name: String) -> String { "'\(name.prefix(200))'" }
  }
}
