/// One open file of a dump, from `files.img` (`file_entry`): its id, its kind, and one message with
/// the rest.
public struct FileEntry: MessageView {
  /// `file_entry`.
  public static var schema: Schema { .fileEntry }
  /// The message.
  public var message: Message

  /// Shows a message.
  public init(_ message: Message) { self.message = message }

  /// Makes the entry of a regular file.
  public init(_ file: RegularFile) {
    self.init()
    message.set("type", number: Enumeration.fdTypes.number(of: "REG") ?? 1)
    message.set("id", number: file.id)
    message.set("reg", message: file.message)
  }

  /// The id, by which descriptors and mappings name the file.
  public var id: UInt32 { number("id") }

  /// The kind, after CRIU's `fd_types`: `REG`, `INETSK`, `PIPE`; the number where that has no name.
  public var kind: String {
    let number = message.number("type") ?? 0
    return Enumeration.fdTypes.name(of: number) ?? String(number)
  }

  /// The regular file, folder or device; `nil` for anything else.
  public var regular: RegularFile? {
    get { message.message("reg").map { RegularFile($0) } }
    set { message.set("reg", message: newValue?.message) }
  }

  /// The message that tells the rest, whatever it is: that of the first field after type and id.
  public var detail: Message? {
    for field in message.fields where field.number > 2 {
      if case .message(let detail) = field.value { return detail }
    }
    return nil
  }
}
