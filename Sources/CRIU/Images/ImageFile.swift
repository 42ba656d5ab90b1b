/// An image file: its kind and its entries.
///
/// A file that was decoded and not changed encodes to the same bytes, also if a newer CRIU wrote
/// it, with fields that this module does not know.
public struct ImageFile: Hashable, Sendable {
  /// One message, and what follows it in the file.
  public struct Entry: Hashable, Sendable {
    /// The message.
    public var message: Message
    /// The bytes that follow it in images of kinds that have such, with their filling: a pipe's
    /// data, a socket's queue.
    public var extra: [UInt8]

    /// Makes an entry.
    public init(_ message: Message, extra: [UInt8] = []) {
      self.message = message
      self.extra = extra
    }
  }

  /// `IMG_COMMON`, which all images start with but the inventory.
  static let commonMagic: UInt32 = 0x5456_4319
  /// `IMG_SERVICE`, which statistics start with.
  static let serviceMagic: UInt32 = 0x5510_5940

  /// The kind.
  public let type: ImageType
  /// The entries in their order.
  public var entries: [Entry]

  /// Makes a file of entries.
  public init(_ type: ImageType, entries: [Entry] = []) {
    self.type = type
    self.entries = entries
  }

  /// Makes a file of messages that nothing follows.
  public init(_ type: ImageType, messages: [Message]) {
    self.init(type, entries: messages.map { Entry($0) })
  }

  /// Decodes a file.
  ///
  /// - Parameters:
  ///   - bytes: all of it.
  ///   - name: what an error calls it.
  /// - Throws: ``CRIUError`` with `.damagedImage`.
  public init(decoding bytes: [UInt8], name: String = "image") throws(CRIUError) {
    do {
      try self.init(reading: bytes)
    } catch {
      throw CRIUError(.damagedImage, subject: "reading \(name)", cause: error.description)
    }
  }

  /// Makes a file of the form that `crit decode` gives, pretty or not.
  ///
  /// - Throws: ``CRIUError`` with `.damagedImage`.
  public init(json: JSONValue, name: String = "JSON") throws(CRIUError) {
    do {
      try self.init(fromJSON: json)
    } catch {
      throw CRIUError(.damagedImage, subject: "reading \(name)", cause: error.description)
    }
  }

  /// Makes a file of the text that `crit decode` prints, pretty or not.
  ///
  /// - Throws: ``CRIUError`` with `.damagedImage`.
  public init(json text: String, name: String = "JSON") throws(CRIUError) {
    do {
      try self.init(fromJSON: try JSONParser.parse(text))
    } catch {
      throw CRIUError(.damagedImage, subject: "reading \(name)", cause: error.description)
    }
  }

  /// The bytes of the file.
  public func encoded() -> [UInt8] {
    var writer = WireWriter()
    if type != .inventory {
      let common = type.isService ? ImageFile.serviceMagic : ImageFile.commonMagic
      writer.littleEndian(UInt64(common), count: 4)
    }
    writer.littleEndian(UInt64(type.magic), count: 4)
    for entry in entries {
      writer.littleEndian(UInt64(entry.message.encodedSize), count: 4)
      writer.message(entry.message)
      writer.raw(entry.extra)
    }
    return writer.bytes
  }
}
