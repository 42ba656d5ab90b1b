extension Mapping {
  /// What may be done with memory: PROT_ values.
  public struct Protection: OptionSet, Hashable, Sendable {
    /// The bits of `mmap`.
    public let rawValue: UInt32

    /// Makes a set of the bits of `mmap`.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// PROT_READ.
    public static let read = Protection(rawValue: 1)
    /// PROT_WRITE.
    public static let write = Protection(rawValue: 2)
    /// PROT_EXEC.
    public static let execute = Protection(rawValue: 4)
  }

  /// How memory is mapped: MAP_ values.
  public struct Flags: OptionSet, Hashable, Sendable {
    /// The bits of `mmap`.
    public let rawValue: UInt32

    /// Makes a set of the bits of `mmap`.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// MAP_SHARED.
    public static let shared = Flags(rawValue: 0x1)
    /// MAP_PRIVATE.
    public static let `private` = Flags(rawValue: 0x2)
    /// MAP_DROPPABLE.
    public static let droppable = Flags(rawValue: 0x8)
    /// MAP_ANONYMOUS.
    public static let anonymous = Flags(rawValue: 0x20)
    /// MAP_GROWSDOWN.
    public static let growsDown = Flags(rawValue: 0x100)
    /// MAP_LOCKED.
    public static let locked = Flags(rawValue: 0x2000)
    /// MAP_NORESERVE.
    public static let noReserve = Flags(rawValue: 0x4000)
    /// MAP_HUGETLB.
    public static let hugePages = Flags(rawValue: 0x40000)
  }

  /// What CRIU takes a mapping for (`criu/include/image.h`).
  public struct Status: OptionSet, Hashable, Sendable {
    /// CRIU's bits.
    public let rawValue: UInt32

    /// Makes a set of CRIU's bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// An ordinary mapping, which is restored.
    public static let regular = Status(rawValue: 1 << 0)
    /// A stack.
    public static let stack = Status(rawValue: 1 << 1)
    /// The kernel's vsyscall page.
    public static let vsyscall = Status(rawValue: 1 << 2)
    /// The kernel's shared library.
    public static let vdso = Status(rawValue: 1 << 3)
    /// The heap that `brk` grows.
    public static let heap = Status(rawValue: 1 << 5)
    /// A file, mapped privately.
    public static let filePrivate = Status(rawValue: 1 << 6)
    /// A file, shared.
    public static let fileShared = Status(rawValue: 1 << 7)
    /// Memory without a file, shared.
    public static let anonymousShared = Status(rawValue: 1 << 8)
    /// Memory without a file, private.
    public static let anonymousPrivate = Status(rawValue: 1 << 9)
    /// A segment of System V.
    public static let systemV = Status(rawValue: 1 << 10)
    /// A packet socket's ring.
    public static let socket = Status(rawValue: 1 << 11)
    /// The variables of the kernel's shared library.
    public static let vvar = Status(rawValue: 1 << 12)
    /// A ring of asynchronous input and output.
    public static let aioRing = Status(rawValue: 1 << 13)
    /// A memfd.
    public static let memfd = Status(rawValue: 1 << 14)
    /// A shadow stack.
    public static let shadowStack = Status(rawValue: 1 << 15)
    /// The page of user-space probes.
    public static let uprobes = Status(rawValue: 1 << 17)
  }
}
