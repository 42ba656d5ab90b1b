extension Options {
  /// A descriptor of the caller that takes the place of something that lay outside.
  public struct InheritedDescriptor: Hashable, Sendable {
    /// What it takes the place of: the target of `/proc/<pid>/fd/<n>` at the dump, such as
    /// `pipe:[1234]` or a file's path without its first slash, or the key of an external.
    public var key: String
    /// The caller's number; CRIU gets its own.
    ///
    /// It must stay open for as long as the request takes.
    public var descriptor: Int32

    /// Names a descriptor.
    public init(key: String, descriptor: Int32) {
      self.key = key
      self.descriptor = descriptor
    }
  }

  /// A namespace to restore into.
  public struct JoinedNamespace: Hashable, Sendable {
    /// Its kind: `net`, `mnt`, `uts`, `ipc`, `user`, `time`.
    public var kind: String
    /// Its file or a process's id.
    public var file: String
    /// More, such as the user and group for a user namespace: `0,0`.
    public var extra: String?

    /// Names a namespace.
    public init(kind: String, file: String, extra: String? = nil) {
      self.kind = kind
      self.file = file
      self.extra = extra
    }
  }

  /// Two names that belong together.
  public struct Pair: Hashable, Sendable {
    /// The name inside, or the key.
    public var first: String
    /// The name outside, or the value.
    public var second: String

    /// Makes a pair.
    public init(_ first: String, _ second: String) {
      self.first = first
      self.second = second
    }
  }

  /// Where a controller's tree of groups begins.
  public struct CgroupRoot: Hashable, Sendable {
    /// The controller, all of them if `nil`.
    public var controller: String?
    /// The path.
    public var path: String

    /// Names a root.
    public init(controller: String? = nil, path: String) {
      self.controller = controller
      self.path = path
    }
  }

  /// Where a server for pages is.
  public struct PageServerAddress: Hashable, Sendable {
    /// The address.
    public var address: String?
    /// The port.
    public var port: UInt16?
    /// The server's process.
    public var pid: Int32?
    /// A connection to it.
    public var descriptor: Int32?

    /// Names a server.
    public init(
      address: String? = nil, port: UInt16? = nil, pid: Int32? = nil, descriptor: Int32? = nil
    ) {
      self.address = address
      self.port = port
      self.pid = pid
      self.descriptor = descriptor
    }
  }

  /// Features of the processor that are written and compared.
  public struct CPUCapabilities: OptionSet, Hashable, Sendable {
    /// CRIU's bits.
    public let rawValue: UInt32

    /// Makes a set of CRIU's bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The floating point unit.
    public static let fpu = CPUCapabilities(rawValue: 1)
    /// All features of the processor.
    public static let cpu = CPUCapabilities(rawValue: 2)
    /// The instructions.
    public static let instructions = CPUCapabilities(rawValue: 4)
    /// Only write them into the images; CRIU adds this to whatever is told.
    public static let image = CPUCapabilities(rawValue: 8)
  }

  /// What is done about control groups.
  public enum CgroupMode: Int32, Hashable, Sendable, CaseIterable {
    /// Nothing, as if there were none.
    case ignore = 0
    /// They are dumped, and not restored.
    case none = 1
    /// Their properties are restored, groups must be there.
    case properties = 2
    /// Groups that are not there are made; of those that are, properties stay.
    case soft = 3
    /// All groups and properties are restored.
    case full = 4
    /// Groups must not be there.
    case strict = 5
    /// CRIU's default.
    case `default` = 6
  }

  /// How the network is kept still.
  public enum NetworkLock: Int32, Hashable, Sendable, CaseIterable {
    /// By `iptables-restore`.
    case iptables = 1
    /// By nftables.
    case nftables = 2
    /// Not at all.
    case skip = 3
  }

  /// How pages are taken before a dump.
  public enum PreDumpMode: Int32, Hashable, Sendable, CaseIterable {
    /// By a parasite in the task, into pipes.
    case splice = 1
    /// By `process_vm_readv`, while the task runs.
    case read = 2
  }
}
