/// One field of a message: number, name, type, and how people are shown its value.
public struct Field: Sendable {
  /// What proto2 calls the label.
  public enum Label: Sendable {
    /// Exactly once; an image without it is damaged.
    case required
    /// At most once.
    case optional
    /// Any number of times, in order.
    case repeated
  }

  /// The type of a field's values.
  public enum Kind: Sendable {
    /// Whole numbers in the encodings that protobuf has for them.
    case int32, int64, uint32, uint64, sint32, sint64, fixed32, fixed64, sfixed32, sfixed64
    /// True or false, UTF-8 text, anything.
    case bool, string, bytes
    /// A number with a name.
    case enumeration(Enumeration)
    /// Another message.
    case message(Schema)
    /// Another message of the same schema.
    case itself
  }

  /// How the value is shown, after the `(criu)` options of CRIU's `.proto` files.
  enum Presentation: Sendable {
    /// As it is.
    case plain
    /// `0x…`, and so everything inside a message.
    case hex
    /// Names of bits: `PROT_READ | PROT_WRITE`.
    case flags(FlagNames)
    /// The name of the number, where it has one.
    case names(Enumeration)
    /// `major:minor` of the kernel's new device number, or of the C library's.
    case device, oldDevice
    /// An IPv4 or IPv6 address made of one or four numbers in network order.
    case address
    /// Bytes as quoted-printable text in place of base64.
    case quotedPrintable
  }

  /// The number on the wire.
  public let number: UInt32
  /// The name in the `.proto` file, which is the key in JSON too.
  public let name: String
  /// The type of the values.
  public let kind: Kind
  /// How often the field may be there.
  public let label: Label
  /// Whether a repeated field is written as one run of numbers.
  public let isPacked: Bool
  /// How people are shown the value.
  let presentation: Presentation

  /// Declares a field.
  init(
    _ number: UInt32, _ name: String, _ kind: Kind, _ label: Label, as shown: Presentation = .plain,
    packed: Bool = false
  ) {
    self.number = number
    self.name = name
    self.kind = kind
    self.label = label
    self.presentation = shown
    self.isPacked = packed
  }
}
