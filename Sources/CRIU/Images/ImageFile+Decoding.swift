extension ImageFile {
  /// Decodes all entries of a file.
  init(reading bytes: [UInt8]) throws(Damage) {
    var reader = WireReader(bytes)
    self.init(try ImageFile.type(from: &reader))
    var schema = type.schema
    var hasPieces = false
    while !reader.isAtEnd {
      let message = try ImageFile.message(schema, from: &reader)
      let extra: [UInt8]
      switch type.layout {
      case .entries:
        extra = try reader.read(try type.extra.length(after: message, in: reader))
      case .pages:
        extra = []
        schema = .pagemapEntry
      case .ghost where entries.isEmpty:
        hasPieces = message.flag("chunks") ?? false
        extra = hasPieces ? [] : try reader.read(reader.remaining)
        schema = .ghostChunkEntry
      case .ghost:
        extra = try reader.read(try message.length("len", upTo: reader.remaining))
      }
      entries.append(Entry(message, extra: extra))
    }
    if entries.isEmpty, type.layout != .entries {
      throw Damage(reason: "\(type.name) without an entry", offset: reader.position)
    }
  }

  /// The kind that the numbers at the start of a file tell.
  static func type(from reader: inout WireReader) throws(Damage) -> ImageType {
    let first = try magic(from: &reader)
    if first == ImageType.inventory.magic { return .inventory }
    guard first == commonMagic || first == serviceMagic else {
      throw Damage(reason: "no image of CRIU: it starts with \(hexadecimal(Int128(first)))")
    }
    let second = try magic(from: &reader)
    guard let type = ImageType(magic: second), type != .inventory else {
      throw Damage(reason: "image of an unknown kind \(hexadecimal(Int128(second)))")
    }
    guard type.isService == (first == serviceMagic) else {
      throw Damage(reason: "\(type.name) that starts with \(hexadecimal(Int128(first)))")
    }
    return type
  }

  private static func magic(from reader: inout WireReader) throws(Damage) -> UInt32 {
    guard reader.remaining >= 4 else {
      throw Damage(reason: "no image of CRIU: too short for a magic number")
    }
    return UInt32(truncatingIfNeeded: try reader.littleEndian(4))
  }

  /// A message with its size in four bytes before it.
  static func message(
    _ schema: Schema, from reader: inout WireReader
  ) throws(Damage) -> Message {
    let start = reader.position
    let size = try reader.littleEndian(4)
    guard size <= UInt64(reader.remaining) else {
      throw Damage(
        reason: "\(schema.name) of \(size) bytes, of which \(reader.remaining) are there",
        offset: start)
    }
    return try Message(schema, reading: reader.reader(of: try reader.take(Int(size))))
  }
}

extension Message {
  /// A number of bytes that a field tells, which must be there.
  func length(_ name: String, upTo limit: Int) throws(Damage) -> Int {
    let length = unsigned(name) ?? 0
    guard length <= UInt64(limit) else {
      throw Damage(
        reason: "\(schema.name) followed by \(length) bytes, of which \(limit) are there")
    }
    return Int(length)
  }
}

extension ImageType.Extra {
  /// How many bytes follow a message, filling included.
  func length(after message: Message, in reader: WireReader) throws(Damage) -> Int {
    let limit = reader.remaining
    switch self {
    case .none: return 0
    case .sum(let fields):
      var sum = 0
      for field in fields { sum += try message.length(field, upTo: limit - sum) }
      return sum
    case .queues:
      let received = try message.length("inq_len", upTo: limit)
      return received + (try message.length("outq_len", upTo: limit - received))
    case .semaphores:
      return rounded(2 * (try message.length("nsems", upTo: limit / 2)), to: 8)
    case .segment:
      if message.flag("in_pagemaps") ?? false { return 0 }
      return rounded(try message.length("size", upTo: limit), to: 4)
    case .messages:
      var rest = reader
      for _ in 0..<(try message.length("qnum", upTo: limit)) {
        let inner = try ImageFile.message(.ipcMsg, from: &rest)
        let size = try inner.length("msize", upTo: rest.remaining)
        _ = try rest.take(rounded(size, to: 8))
      }
      return rest.position - reader.position
    }
  }
}

/// The next multiple of a power of two.
func rounded(_ value: Int, to multiple: Int) -> Int {
  (value + multiple - 1) / multiple * multiple
}
