/// One open descriptor, from `fdinfo-<id>.img` (`fdinfo_entry`).
public struct DescriptorEntry: MessageView {
  /// `fdinfo_entry`.
  public static var schema: Schema { .fdinfoEntry }
  /// The message.
  public var message: Message

  /// Shows a message.
  public init(_ message: Message) { self.message = message }

  /// The descriptor's number.
  public var descriptor: Int32 { number("fd") }
  /// The id of the file.
  public var file: UInt32 { number("id") }
  /// The kind of the file, after CRIU's `fd_types`.
  public var kind: String {
    let number = message.number("type") ?? 0
    return Enumeration.fdTypes.name(of: number) ?? String(number)
  }
  /// Whether `execve` closes it.
  public var closesOnExec: Bool { (message.unsigned("flags") ?? 0) & 1 != 0 }
}
