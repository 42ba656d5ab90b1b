package import CRIU
package import Linux

/// Images of a dump that Thaw did not make: CRIU's own, podman's or runc's.
///
/// Read once, before anything is changed; ``obstacles(confining:)`` then says all that keeps the processes from being
/// thawed in a container of Thaw's.
package struct ForeignImages: Sendable {
  /// One thread.
  struct Thread: Sendable {
    var process: Int32
    var id: Int32
    var core: Core
  }

  package let directory: ImageDirectory
  /// The processes, the root first.
  let processes: [TreeEntry]
  /// The root of the tree.
  package let root: TreeEntry
  /// All threads of processes that have not ended.
  let threads: [Thread]
  /// The open and mapped files.
  let files: [FileEntry]
  /// The mounts of the namespace that the processes had to themselves; none if they had the machine's.
  let mounts: [ForeignMount]

  /// Reads images, and makes sure that none is missing or damaged.
  package init(path: Path) throws(CRIUError) {
    let directory = try ImageDirectory(path)
    try directory.check()
    let processes = try directory.processes()
    guard let root = processes.first else {
      throw CRIUError(
        .damagedImage, subject: "reading images in \(path)", cause: "no process in pstree.img")
    }
    var threads: [Thread] = []
    for process in processes {
      for id in process.threads {
        threads.append(Thread(process: process.pid, id: id, core: try directory.core(id)))
      }
    }
    var mounts: [ForeignMount] = []
    for name in try directory.list() where name.hasPrefix("mountpoints-") {
      mounts += try directory.image(named: name, type: .mnts).entries.map {
        ForeignMount($0.message)
      }
    }
    self.directory = directory
    self.processes = processes
    self.root = root
    self.threads = threads
    self.mounts = mounts
    files = try directory.files()
  }

  /// Whether they come from a container: the paths of their files are those of its own root.
  package var isContained: Bool { !mounts.isEmpty }

  /// Whether the root was PID 1 of its namespace, which it must be again.
  package var isFirst: Bool { root.pid == 1 }

  /// The ids of all processes and threads.
  package var ids: [Int32] {
    Set(processes.map(\.pid) + threads.map(\.id)).sorted()
  }

  /// The kernel objects of a process.
  func objects(of pid: Int32) throws(CRIUError) -> KernelObjects {
    if let objects = try directory.core(pid).objects { return objects }
    return try directory.objects(of: pid)
  }

  /// The open descriptors of a process.
  func descriptors(of pid: Int32) throws(CRIUError) -> [DescriptorEntry] {
    try directory.descriptors(try objects(of: pid).descriptors)
  }

  /// What a file is, by its id.
  func file(_ id: UInt32) -> FileEntry? { files.first { $0.id == id } }

  /// The TCP ports that are listened on, sorted.
  package var ports: [UInt16] {
    let numbers = files.compactMap(\.internet).filter(\.isListening).map(\.port)
    return Set(numbers).sorted()
  }

  /// The regular files that must be there with the size they had; deleted ones lie in the images themselves.
  package func neededFiles() throws(CRIUError) -> [RegularFile] {
    var own: Set<UInt32> = []
    if directory.has(ImageType.remapFpath.fileName()) {
      for entry in try directory.image(.remapFpath).entries {
        own.insert(UInt32(clamping: entry.message.number("orig_id") ?? 0))
      }
    }
    return files.compactMap(\.regular).filter { file in
      let kind = (file.mode ?? 0o100_000) & 0o170_000
      let isKernels = ["/proc/", "/sys/", "/dev/"].contains { file.path.hasPrefix($0) }
      return kind == 0o100_000 && !own.contains(file.id) && file.path.hasPrefix("/") && !isKernels
    }
  }
}

/// A mount of a dumped container.
struct ForeignMount: Sendable, Hashable {
  var id: Int64
  var place: String
  /// Whether it is a file system in memory, whose files the images hold.
  var isMemory: Bool

  init(_ message: Message) {
    id = Int64(clamping: message.number("mnt_id") ?? -1)
    place = message.text("mountpoint") ?? ""
    isMemory = message.number("fstype") == 5
  }
}

/// An internet socket of a dump.
struct InternetSocket {
  private let message: Message

  init(_ message: Message) { self.message = message }

  private static let (internet, raw, tcp, listen): (Int128, Int128, Int128, Int128) = (2, 3, 6, 10)

  var isTCP: Bool { message.number("proto") == Self.tcp }
  var isRaw: Bool { message.number("type") == Self.raw }
  var isListening: Bool { isTCP && message.number("state") == Self.listen }
  /// Whether it is a TCP connection, in whatever state.
  var isConnection: Bool { isTCP && !isListening && message.number("dst_port") ?? 0 != 0 }
  var port: UInt16 { UInt16(truncatingIfNeeded: message.number("src_port") ?? 0) }

  /// Whether its own address is there in every container: none in particular, or the loopback's.
  var isEverywhere: Bool {
    let words = message.numbers("src_addr").map { UInt32(truncatingIfNeeded: $0) }
    if words.allSatisfy({ $0 == 0 }) { return true }
    // The words are in the order of the network: the first byte is the lowest.
    if words.count == 4, words[0] == 0, words[1] == 0 {
      if words[2] == 0, words[3] == 0x0100_0000 { return true }
      return words[2] == 0xffff_0000 && (words[3] & 0xff == 127 || words[3] == 0)
    }
    return words.count == 1 && words[0] & 0xff == 127
  }
}

extension FileEntry {
  /// The internet socket that it is; nil for anything else.
  var internet: InternetSocket? { message.message("isk").map { InternetSocket($0) } }
}
