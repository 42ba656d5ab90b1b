/// The memory of a process, from `mm-<pid>.img` (`mm_entry`).
public struct MemoryMap: MessageView {
  /// `mm_entry`.
  public static var schema: Schema { .mmEntry }
  /// The message.
  public var message: Message

  /// Shows a message.
  public init(_ message: Message) { self.message = message }

  /// The mappings in ascending order.
  public var mappings: [Mapping] {
    get { message.messages("vmas").map { Mapping($0) } }
    set { message.set("vmas", messages: newValue.map(\.message)) }
  }

  /// The id of the program's file among the files.
  public var executable: UInt32 { number("exe_file_id") }
  /// Where `brk` grows the heap from, and where it ends now.
  public var heap: Range<UInt64> {
    let (start, end): (UInt64, UInt64) = (number("mm_start_brk"), number("mm_brk"))
    return start..<max(start, end)
  }
  /// Where the main thread's stack begins, at its highest address.
  public var stackStart: UInt64 { number("mm_start_stack") }
  /// Where the arguments lie.
  public var arguments: Range<UInt64> {
    let (start, end): (UInt64, UInt64) = (number("mm_arg_start"), number("mm_arg_end"))
    return start..<max(start, end)
  }
  /// Where the first environment lies.
  public var environment: Range<UInt64> {
    let (start, end): (UInt64, UInt64) = (number("mm_env_start"), number("mm_env_end"))
    return start..<max(start, end)
  }
  /// The vector that the kernel gave the program at its start: types and values in turns.
  public var auxiliaryVector: [UInt64] {
    message.numbers("mm_saved_auxv").map { UInt64(truncatingIfNeeded: $0) }
  }

  /// The mapping that holds an address, `nil` where nothing is mapped.
  public func mapping(at address: UInt64) -> Mapping? {
    mappings.first { $0.start <= address && address < $0.end }
  }
}
