/// One mapping of a process's memory (`vma_entry`).
public struct Mapping: MessageView {
  /// `vma_entry`.
  public static var schema: Schema { .vmaEntry }
  /// The message.
  public var message: Message

  /// Shows a message.
  public init(_ message: Message) { self.message = message }

  /// The lowest address.
  public var start: UInt64 {
    get { number("start") }
    set { message.set("start", number: newValue) }
  }
  /// The address behind the last byte.
  public var end: UInt64 {
    get { number("end") }
    set { message.set("end", number: newValue) }
  }
  /// How many bytes into its file the mapping starts.
  public var fileOffset: UInt64 {
    get { number("pgoff") }
    set { message.set("pgoff", number: newValue) }
  }
  /// The id of the file, or of the shared memory, that is mapped; 0 for private memory without one.
  public var file: UInt64 {
    get { number("shmid") }
    set { message.set("shmid", number: newValue) }
  }
  /// What may be done with the memory.
  public var protection: Protection {
    get { Protection(rawValue: number("prot")) }
    set { message.set("prot", number: newValue.rawValue) }
  }
  /// The flags of `mmap`.
  public var flags: Flags {
    get { Flags(rawValue: number("flags")) }
    set { message.set("flags", number: newValue.rawValue) }
  }
  /// What CRIU takes the mapping for.
  public var status: Status {
    get { Status(rawValue: number("status")) }
    set { message.set("status", number: newValue.rawValue) }
  }
  /// CRIU's descriptor, -1 in images.
  public var descriptor: Int64 {
    get { number("fd") }
    set { message.set("fd", number: newValue) }
  }
  /// One bit for each MADV_ value that is in force.
  public var advice: UInt64 {
    get { number("madv") }
    set { message.set("madv", number: newValue == 0 ? nil : newValue) }
  }
  /// With which flags the file is opened anew to map it; `nil` for those that follow from
  /// `protection`.
  public var openFlags: UInt32? {
    get { message.has("fdflags") ? number("fdflags") : nil }
    set { message.set("fdflags", number: newValue) }
  }

  /// How many bytes the mapping has.
  public var length: UInt64 { end &- start }
}
