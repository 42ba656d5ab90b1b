@testable import CRIU

/// Random numbers that are the same in every run.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    // SplitMix64.
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}

/// Images of every kind, with every field that their messages have.
enum SampleImages {
  /// An image of a kind, filled with values of chance.
  static func image(_ type: ImageType, seed: UInt64) -> ImageFile {
    var dice = Dice(seed: seed ^ UInt64(type.magic))
    var image = ImageFile(type)
    let count = type.layout == .entries ? Int.random(in: 0...3, using: &dice) : 3
    for index in 0..<count {
      var schema = type.schema
      if index > 0, type.layout == .pages { schema = .pagemapEntry }
      if index > 0, type.layout == .ghost { schema = .ghostChunkEntry }
      image.entries.append(entry(of: message(schema, &dice), in: type, index, &dice))
    }
    if type.layout == .ghost, !(image.entries[0].message.flag("chunks") ?? false) {
      image.entries.removeLast(2)
      image.entries[0].extra = data(Int.random(in: 0...200, using: &dice), &dice)
    }
    return image
  }

  /// A message with all required and about half of its other fields.
  static func message(_ schema: Schema, _ dice: inout Dice, depth: Int = 0) -> Message {
    var message = Message(schema)
    for field in schema.fields {
      if field.label != .required, depth > 3 || Bool.random(using: &dice) { continue }
      // One or four numbers are an address.
      let isAddress = if case .address = field.presentation { true } else { false }
      let count =
        field.label != .repeated
        ? 1
        : isAddress
          ? [1, 4][Int.random(in: 0...1, using: &dice)] : Int.random(in: 1...3, using: &dice)
      message.put(field, (0..<count).map { _ in value(of: field, in: schema, &dice, depth) })
    }
    return message
  }

  private static func value(
    of field: Field, in schema: Schema, _ dice: inout Dice, _ depth: Int
  ) -> WireValue {
    if let inner = schema.messages(in: field) {
      return .message(message(inner, &dice, depth: depth + 1))
    }
    switch field.kind {
    case .string: return .bytes(Array(text(&dice).utf8))
    case .bytes: return .bytes(data(Int.random(in: 0...100, using: &dice), &dice))
    case .enumeration(let names):
      return field.value(for: Int128(names.values.randomElement(using: &dice)?.number ?? 0))
        ?? .varint(0)
    default: return number(for: field, &dice)
    }
  }

  private static func number(for field: Field, _ dice: inout Dice) -> WireValue {
    if case .names(let names) = field.presentation, Bool.random(using: &dice),
      let known = names.values.randomElement(using: &dice)
    {
      return field.value(for: Int128(known.number)) ?? .varint(0)
    }
    let bits = Int.random(in: 0...64, using: &dice)
    let raw = bits == 0 ? 0 : dice.next() >> UInt64(64 - bits)
    for candidate in [Int128(Int64(bitPattern: raw)), Int128(raw), Int128(raw & 0x7fff_ffff), 1] {
      if let value = field.value(for: candidate) { return value }
    }
    return .varint(0)
  }

  private static func text(_ dice: inout Dice) -> String {
    let letters = Array("abcXYZ /.-_[]:\"\\\n\té€😀")
    return String(
      (0..<Int.random(in: 0...30, using: &dice)).compactMap { _ in
        letters.randomElement(using: &dice)
      })
  }

  static func data(_ count: Int, _ dice: inout Dice) -> [UInt8] {
    // No carriage returns: Python's quoted-printable text loses them.
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &dice) }.map { $0 == 13 ? 14 : $0 }
  }

  /// An entry whose payload has the length that its message tells.
  private static func entry(
    of message: Message, in type: ImageType, _ index: Int, _ dice: inout Dice
  ) -> ImageFile.Entry {
    var message = message
    func size(_ name: String, _ dice: inout Dice) -> Int {
      let size = Int.random(in: 0...90, using: &dice)
      message.set(name, number: size)
      return size
    }
    if type.layout == .ghost, index > 0 {
      let length = size("len", &dice)
      return .init(message, extra: data(length, &dice))
    }
    switch type.extra {
    case .none: return .init(message)
    case .sum(let names):
      let sizes = names.map { size($0, &dice) }
      return .init(message, extra: data(sizes.reduce(0, +), &dice))
    case .queues:
      let sizes = ["inq_len", "outq_len"].map { size($0, &dice) }
      return .init(message, extra: data(sizes.reduce(0, +), &dice))
    case .semaphores:
      let length = 2 * size("nsems", &dice)
      return .init(message, extra: filled(data(length, &dice), to: 8))
    case .segment:
      message.set("in_pagemaps", flag: nil)
      let length = size("size", &dice)
      return .init(message, extra: filled(data(length, &dice), to: 4))
    case .messages:
      message.set("qnum", number: 2)
      var writer = WireWriter()
      for _ in 0..<2 {
        var inner = Message(.ipcMsg)
        let content = data(Int.random(in: 0...30, using: &dice), &dice)
        inner.set("mtype", number: 1)
        inner.set("msize", number: content.count)
        writer.littleEndian(UInt64(inner.encodedSize), count: 4)
        writer.message(inner)
        writer.raw(filled(content, to: 8))
      }
      return .init(message, extra: writer.bytes)
    }
  }

  private static func filled(_ bytes: [UInt8], to multiple: Int) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: rounded(bytes.count, to: multiple) - bytes.count)
  }
}
