/// A message under Swift names, to read and to change.
///
/// A view changes only the field that is set; all else in its message stays as it came, also what
/// no view shows. A field that is absent reads as what CRIU takes for it.
public protocol MessageView: Hashable, Sendable {
  /// The message that the view shows.
  static var schema: Schema { get }
  /// The message.
  var message: Message { get set }
  /// Shows a message.
  init(_ message: Message)
}

extension MessageView {
  /// Shows an empty message.
  public init() { self.init(Message(Self.schema)) }

  /// A number in its own width, 0 where it is absent; what does not fit keeps its lowest bits.
  func number<Number: FixedWidthInteger>(_ name: String) -> Number {
    Number(truncatingIfNeeded: message.number(name) ?? 0)
  }

  /// Microseconds as a duration.
  func microseconds(_ name: String) -> Duration {
    .microseconds(Int64(clamping: message.number(name) ?? 0))
  }
}
