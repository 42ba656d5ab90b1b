/// What a time namespace's clocks showed at the dump, from `timens-<id>.img` (`timens_entry`).
public struct TimeNamespaceEntry: MessageView {
  /// `timens_entry`.
  public static var schema: Schema { .timensEntry }
  /// The message.
  public var message: Message

  /// Shows a message.
  public init(_ message: Message) { self.message = message }

  /// CLOCK_MONOTONIC in the namespace.
  public var monotonic: Duration { clock("monotonic") }
  /// CLOCK_BOOTTIME in the namespace.
  public var bootTime: Duration { clock("boottime") }

  private func clock(_ name: String) -> Duration {
    let time = message.message(name)
    return .seconds(Int64(clamping: time?.number("tv_sec") ?? 0))
      + .nanoseconds(Int64(clamping: time?.number("tv_nsec") ?? 0))
  }
}
