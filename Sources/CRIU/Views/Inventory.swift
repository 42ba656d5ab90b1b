/// What a dump is, from `inventory.img` (`inventory_entry`).
///
/// It tells no version of CRIU, kernel or host: whoever needs them notes them elsewhere.
public struct Inventory: MessageView {
  /// `inventory_entry`.
  public static var schema: Schema { .inventoryEntry }
  /// The message.
  public var message: Message

  /// Shows a message.
  public init(_ message: Message) { self.message = message }

  /// The version of the format, 2 since CRIU 2.0 (`CRTOOLS_IMAGES_V1_1`).
  public var formatVersion: UInt32 { number("img_version") }
  /// How long the machine had been up at the dump, to the microsecond; `nil` where it is not told.
  public var uptime: Duration? { message.has("dump_uptime") ? microseconds("dump_uptime") : nil }
  /// The namespaces and other kernel objects of whoever ran CRIU; `nil` where they are not told.
  public var rootIDs: KernelObjects? { message.message("root_ids").map { KernelObjects($0) } }
  /// The set of cgroups of whoever ran CRIU.
  public var rootCgroupSet: UInt32? { message.number("root_cg_set").map { UInt32(clamping: $0) } }
  /// The security module: 0 none, 1 SELinux, 2 AppArmor.
  public var securityModule: Int32 { number("lsmtype") }
  /// Whether TCP connections were closed in the dump.
  public var closedTCP: Bool { message.flag("tcp_close") ?? false }
  /// How the network was locked, as a number of ``Options/NetworkLock``.
  public var networkLock: UInt32? {
    message.number("network_lock_method").map { UInt32(clamping: $0) }
  }
  /// The random name of the CRIU run that made the dump, 36 characters.
  public var runID: String? { message.text("dump_criu_run_id") }
  /// The CRIU plugins that took part.
  public var plugins: [String] { message.message("plugins_entry")?.texts("plugins") ?? [] }
}
