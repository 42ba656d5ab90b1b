/// A file with a path that was open or mapped (`reg_file_entry`).
public struct RegularFile: MessageView {
  /// `reg_file_entry`.
  public static var schema: Schema { .regFileEntry }
  /// The message.
  public var message: Message

  /// Shows a message.
  public init(_ message: Message) { self.message = message }

  /// Makes a file that was not in the dump, owned by nobody, which CRIU opens by its path.
  ///
  /// CRIU refuses to go on if the file does not have the size.
  public init(id: UInt32, path: String, flags: UInt32, size: UInt64, mode: UInt32?) {
    self.init()
    var owner = Message(.fownEntry)
    for field in ["uid", "euid", "signum", "pid_type", "pid"] { owner.set(field, number: 0) }
    message.set("id", number: id)
    message.set("flags", number: flags)
    message.set("pos", number: 0)
    message.set("fown", message: owner)
    message.set("name", text: path)
    message.set("mnt_id", number: -1)
    message.set("size", number: size)
    message.set("mode", number: mode)
  }

  /// The id, by which descriptors and mappings name the file.
  public var id: UInt32 {
    get { number("id") }
    set { message.set("id", number: newValue) }
  }
  /// The flags of `open`.
  public var flags: UInt32 {
    get { number("flags") }
    set { message.set("flags", number: newValue) }
  }
  /// Where the next byte would be read or written.
  public var position: UInt64 {
    get { number("pos") }
    set { message.set("pos", number: newValue) }
  }
  /// The path from the root of the process's mount namespace.
  public var path: String {
    get { message.text("name") ?? "" }
    set { message.set("name", text: newValue) }
  }
  /// The mount that the path lies on, -1 where it does not matter.
  public var mount: Int32 {
    get { message.has("mnt_id") ? number("mnt_id") : -1 }
    set { message.set("mnt_id", number: newValue) }
  }
  /// The size that the file must have again, `nil` where any will do.
  public var size: UInt64? {
    get { message.unsigned("size") }
    set { message.set("size", number: newValue) }
  }
  /// The kind and permissions that the file must have again, as in `st_mode`.
  public var mode: UInt32? {
    get { message.has("mode") ? number("mode") : nil }
    set { message.set("mode", number: newValue) }
  }
}
