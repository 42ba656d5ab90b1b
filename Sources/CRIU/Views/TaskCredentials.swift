public import Linux

/// Who a thread is and what it may do (`creds_entry`).
public struct TaskCredentials: MessageView {
  /// `creds_entry`.
  public static var schema: Schema { .credsEntry }
  /// The message.
  public var message: Message

  /// Shows a message.
  public init(_ message: Message) { self.message = message }

  /// The real user.
  public var user: UInt32 { number("uid") }
  /// The real group.
  public var group: UInt32 { number("gid") }
  /// The effective user.
  public var effectiveUser: UInt32 { number("euid") }
  /// The effective group.
  public var effectiveGroup: UInt32 { number("egid") }
  /// The saved user.
  public var savedUser: UInt32 { number("suid") }
  /// The saved group.
  public var savedGroup: UInt32 { number("sgid") }
  /// The further groups.
  public var groups: [UInt32] { message.numbers("groups").map { UInt32(truncatingIfNeeded: $0) } }
  /// The secure bits, as `PR_GET_SECUREBITS` gives them.
  public var secureBits: UInt32 { number("secbits") }
  /// Whether no program that it starts can give it more rights.
  public var noNewPrivileges: Bool { (message.unsigned("no_new_privs") ?? 0) != 0 }
  /// The profile of the security module.
  public var securityProfile: String? { message.text("lsm_profile") }

  /// The capabilities that it may have.
  public var permitted: Set<Capability> {
    get { capabilities("cap_prm") }
    set { set("cap_prm", newValue) }
  }
  /// The capabilities that it has.
  public var effective: Set<Capability> {
    get { capabilities("cap_eff") }
    set { set("cap_eff", newValue) }
  }
  /// The capabilities that programs with file capabilities get from it.
  public var inheritable: Set<Capability> {
    get { capabilities("cap_inh") }
    set { set("cap_inh", newValue) }
  }
  /// The capabilities beyond which nothing that it starts can go.
  public var bounding: Set<Capability> {
    get { capabilities("cap_bnd") }
    set { set("cap_bnd", newValue) }
  }
  /// The capabilities that every program that it starts gets.
  public var ambient: Set<Capability> {
    get { capabilities("cap_amb") }
    set { set("cap_amb", newValue) }
  }

  /// A set in words of 32 bits, the lowest first.
  private func capabilities(_ name: String) -> Set<Capability> {
    var set: Set<Capability> = []
    for (index, word) in message.numbers(name).enumerated() {
      for bit in 0..<32 where word >> Int128(bit) & 1 != 0 {
        set.insert(Capability(rawValue: CInt(32 * index + bit)))
      }
    }
    return set
  }

  private mutating func set(_ name: String, _ set: Set<Capability>) {
    var words = [UInt32](repeating: 0, count: max(2, message.numbers(name).count))
    for capability in set where capability.rawValue < 32 * words.count {
      words[Int(capability.rawValue) / 32] |= 1 << UInt32(capability.rawValue % 32)
    }
    message.set(name, numbers: words)
  }
}
