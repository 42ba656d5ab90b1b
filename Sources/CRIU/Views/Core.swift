/// One thread of a dump, from `core-<tid>.img` (`core_entry`); that of the main thread tells of the
/// process too.
public struct Core: MessageView {
  /// What a process was doing.
  public enum State: Hashable, Sendable {
    /// It ran, or slept.
    case alive
    /// It had ended and nobody had asked for its status.
    case zombie
    /// A signal had stopped it.
    case stopped
    /// Anything else, with CRIU's number.
    case other(UInt32)
  }

  /// `core_entry`.
  public static var schema: Schema { .coreEntry }
  /// The message.
  public var message: Message

  /// Shows a message.
  public init(_ message: Message) { self.message = message }

  /// The processor's name, such as `X86_64`.
  public var processor: String {
    Enumeration.coreEntryMarch.name(of: message.number("mtype") ?? 0) ?? "UNKNOWN"
  }

  /// The name, up to 15 characters: the thread's, or else the process's.
  public var name: String? {
    message.message("thread_core")?.text("comm") ?? message.message("tc")?.text("comm")
  }

  /// What the process was doing; `nil` in the image of a further thread.
  public var state: State? {
    message.message("tc")?.unsigned("task_state").map {
      switch $0 {
      case 1: .alive
      case 3: .zombie
      case 6: .stopped
      default: .other(UInt32(truncatingIfNeeded: $0))
      }
    }
  }

  /// The kernel objects that the process uses; `nil` in the image of a further thread.
  public var objects: KernelObjects? { message.message("ids").map { KernelObjects($0) } }

  /// Who the thread is and what it may do; `nil` where the process had ended.
  public var credentials: TaskCredentials? {
    get { message.message("thread_core")?.message("creds").map { TaskCredentials($0) } }
    set {
      guard var thread = message.message("thread_core") else { return }
      thread.set("creds", message: newValue?.message)
      message.set("thread_core", message: thread)
    }
  }

  /// Where the thread's stack ended; `nil` of another processor than x86-64.
  public var stackPointer: UInt64? { registers?.unsigned("sp") }

  /// The address of what the C library keeps for the thread; `nil` of another processor than x86-64.
  public var threadPointer: UInt64? { registers?.unsigned("fs_base") }

  private var registers: Message? {
    guard processor == "X86_64" else { return nil }
    return message.message("thread_info")?.message("gpregs")
  }

  /// The seccomp mode: 0 none, 1 strict, 2 filter.
  public var seccompMode: Int32 {
    Int32(clamping: message.message("thread_core")?.number("seccomp_mode") ?? 0)
  }

  /// The position of the thread's last filter in `seccomp.img`, `nil` where it has none.
  public var seccompFilter: UInt32? {
    message.message("thread_core")?.number("seccomp_filter").map { UInt32(clamping: $0) }
  }

  /// The address of the restartable-sequence area, `nil` where there is none.
  public var restartableSequence: UInt64? {
    message.message("thread_core")?.message("rseq_entry")?.unsigned("rseq_abi_pointer")
  }
}
