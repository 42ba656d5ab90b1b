/// A process's folders and file mode mask, from `fs-<pid>.img` (`fs_entry`).
public struct FolderEntry: MessageView {
  /// `fs_entry`.
  public static var schema: Schema { .fsEntry }
  /// The message.
  public var message: Message

  /// Shows a message.
  public init(_ message: Message) { self.message = message }

  /// The id of the working folder among the files.
  public var workingFolder: UInt32 { number("cwd_id") }
  /// The id of the root folder among the files.
  public var root: UInt32 { number("root_id") }
  /// The file mode mask, `nil` where it is not told.
  public var mask: UInt32? { message.has("umask") ? number("umask") : nil }
}
