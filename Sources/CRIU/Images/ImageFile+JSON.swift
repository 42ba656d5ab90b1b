extension ImageFile {
  /// The file in the form that `crit decode` prints, or `crit decode --pretty` with `pretty`.
  public func json(pretty: Bool = false) -> JSONValue {
    .object([
      JSONValue.Member("magic", .string(type.name)),
      JSONValue.Member(
        "entries",
        .array(entries.indices.map { json(of: $0, pretty: pretty) })),
    ])
  }

  private func json(of index: Int, pretty: Bool) -> JSONValue {
    let entry = entries[index]
    var members = entry.message.members(pretty: pretty, hex: false)
    if let extra = shownExtra(of: index) { members.append(JSONValue.Member("extra", extra)) }
    return .object(members)
  }

  private func shownExtra(of index: Int) -> JSONValue? {
    let (message, bytes) = (entries[index].message, entries[index].extra)
    if case .ghost = type.layout {
      let isHead = index == 0 && (message.flag("chunks") ?? false)
      return isHead ? nil : .string(Base64.encode(bytes))
    }
    switch type.extra {
    case .none: return nil
    case .sum: return .string(Base64.encode(bytes))
    case .queues:
      let received = Int(clamping: message.unsigned("inq_len") ?? 0)
      return .object([
        JSONValue.Member("inq", .string(Base64.encode(Array(bytes.prefix(received))))),
        JSONValue.Member("outq", .string(Base64.encode(Array(bytes.dropFirst(received))))),
      ])
    case .semaphores:
      let count = min(Int(clamping: message.unsigned("nsems") ?? 0), bytes.count / 2)
      return .array(
        (0..<count).map { .number(Int128(bytes[2 * $0]) | Int128(bytes[2 * $0 + 1]) << 8) })
    case .segment:
      if message.flag("in_pagemaps") ?? false { return nil }
      let size = Int(clamping: message.unsigned("size") ?? 0)
      return .string(Base64.encode(Array(bytes.prefix(size))))
    case .messages: return queue(bytes)
    }
  }

  /// Each message and its data in turns; what is damaged ends the list.
  private func queue(_ bytes: [UInt8]) -> JSONValue {
    var reader = WireReader(bytes)
    var values: [JSONValue] = []
    do {
      while !reader.isAtEnd {
        let message = try ImageFile.message(.ipcMsg, from: &reader)
        let size = try message.length("msize", upTo: reader.remaining)
        values.append(message.json())
        values.append(.string(Base64.encode(try reader.read(size))))
        _ = try reader.take(rounded(size, to: 8) - size)
      }
    } catch {
      return .array(values)
    }
    return .array(values)
  }

  /// Makes a file of what ``json(pretty:)`` gives.
  init(fromJSON json: JSONValue) throws(Damage) {
    guard let name = json["magic"]?.string, let type = ImageType(named: name) else {
      throw Damage(reason: "no object with the name of a kind of image as its \"magic\"")
    }
    guard let values = json["entries"]?.array else {
      throw Damage(reason: "\(name) without an array of \"entries\"")
    }
    self.init(type)
    for (index, value) in values.enumerated() {
      let message = try Message(ImageFile.schema(of: type, at: index), json: value)
      let extra = try value["extra"].map { (json) throws(Damage) in
        try ImageFile.extra(of: type, from: json)
      }
      entries.append(Entry(message, extra: extra ?? []))
    }
  }

  private static func schema(of type: ImageType, at index: Int) -> Schema {
    switch type.layout {
    case .pages where index > 0: .pagemapEntry
    case .ghost where index > 0: .ghostChunkEntry
    default: type.schema
    }
  }

  private static func extra(of type: ImageType, from json: JSONValue) throws(Damage) -> [UInt8] {
    var bytes: [UInt8]?
    switch type.extra {
    case .none, .sum: bytes = json.string.flatMap { Base64.decode($0) }
    case .queues:
      let queues = [json["inq"], json["outq"]].compactMap {
        $0?.string.flatMap { Base64.decode($0) }
      }
      bytes = queues.count == 2 ? queues[0] + queues[1] : nil
    case .segment: bytes = json.string.flatMap { Base64.decode($0) }.map { filled($0, to: 4) }
    case .semaphores:
      let numbers = json.array?.compactMap { $0.number.flatMap { UInt16(exactly: $0) } }
      bytes = numbers.map { filled($0.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }, to: 8) }
      if numbers?.count != json.array?.count { bytes = nil }
    case .messages: bytes = try queue(from: json)
    }
    guard let bytes else { throw Damage(reason: "\(type.name) with a strange \"extra\"") }
    return bytes
  }

  private static func queue(from json: JSONValue) throws(Damage) -> [UInt8]? {
    guard let values = json.array, values.count % 2 == 0 else { return nil }
    var writer = WireWriter()
    for index in stride(from: 0, to: values.count, by: 2) {
      let message = try Message(.ipcMsg, json: values[index])
      guard let data = values[index + 1].string.flatMap({ Base64.decode($0) }) else { return nil }
      writer.littleEndian(UInt64(message.encodedSize), count: 4)
      writer.message(message)
      writer.raw(filled(data, to: 8))
    }
    return writer.bytes
  }

  private static func filled(_ bytes: [UInt8], to multiple: Int) -> [UInt8] {
    bytes + [UInt8](repeating: 0, count: rounded(bytes.count, to: multiple) - bytes.count)
  }
}
