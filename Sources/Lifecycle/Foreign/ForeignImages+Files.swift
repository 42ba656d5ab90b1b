package import CRIU
import Linux

extension ForeignImages {
  /// Open files that no container of Thaw's can give back.
  func openFiles() throws(CRIUError) -> [Obstacle] {
    let holders = try holders()
    return files.compactMap { file in
      guard let (what, fix) = Self.refusal(of: file) else {
        return refusal(ofPlace: file)
      }
      let holder = holders[file.id].map { " (descriptor \($0.number) of process \($0.pid))" } ?? ""
      return Obstacle(what: what + holder, fix: fix)
    }
  }

  /// Who has a file open first.
  private func holders() throws(CRIUError) -> [UInt32: (pid: Int32, number: Int32)] {
    var holders: [UInt32: (pid: Int32, number: Int32)] = [:]
    for process in processes where !process.threads.isEmpty {
      for entry in try descriptors(of: process.pid) where holders[entry.file] == nil {
        holders[entry.file] = (process.pid, entry.descriptor)
      }
    }
    return holders
  }

  private static func refusal(of file: FileEntry) -> (String, String)? {
    let detach = "start the server without a terminal, its output in a pipe or a file"
    let close = "close it before the dump"
    switch file.kind {
    case "TTY": return ("a terminal", detach)
    case "EXT": return ("a file that only a plugin of CRIU's knows", close)
    case "PACKETSK": return ("a packet socket, which takes CAP_NET_RAW", close)
    case "TUNF": return ("a tun device, which takes CAP_NET_ADMIN", close)
    case "NS": return ("an open namespace", close)
    case "FANOTIFY": return ("a fanotify group, which takes CAP_SYS_ADMIN", close)
    case "BPFMAP": return ("a BPF map, which takes CAP_BPF", close)
    case "REG" where file.regular?.message.flag("ext") == true:
      return ("a file given from outside, \(file.regular?.path ?? "?")", close)
    case "UNIXSK" where file.message.message("usk")?.number("uflags") ?? 0 & 1 != 0:
      return ("a socket whose other end is not in the images", close)
    default: break
    }
    guard let socket = file.internet else { return nil }
    if socket.isRaw { return ("a raw socket, which takes CAP_NET_RAW", close) }
    if !socket.isConnection, socket.port != 0, !socket.isEverywhere {
      return (
        "a socket bound to an address of its own, port \(socket.port), that no other container has",
        "have the server listen on all addresses"
      )
    }
    return nil
  }

  /// A file on a mount of the container that Thaw's has not.
  private func refusal(ofPlace file: FileEntry) -> Obstacle? {
    guard let regular = file.regular, (regular.mode ?? 0) & 0o170_000 == 0o100_000,
      let mount = mounts.first(where: { $0.id == Int64(regular.mount) }),
      // The kernel's own are in every container.
      !["/", "/proc", "/sys", "/dev"].contains(mount.place), !mount.place.hasPrefix("/proc/")
    else { return nil }
    let kind = mount.isMemory ? "memory" : "a mount from outside"
    return Obstacle(
      what: "\(regular.path) lies in \(kind) at \(mount.place), which is not taken over",
      fix: "have the server write elsewhere")
  }

  /// What comes back other than it was, in a line each.
  package func notes() throws(CRIUError) -> [String] {
    var notes: [String] = []
    let connections = files.compactMap(\.internet).filter(\.isConnection).count
    if connections > 0 {
      notes.append("\(connections) TCP connections come back closed, as at every thaw")
    }
    let lost = try halfPipes()
    if !lost.isEmpty {
      notes.append(
        "the other ends of its pipes at descriptors "
          + lost.map { "\($0)" }.joined(separator: ", ")
          + " are not in the images: they come back closed")
    }
    let places = mounts.filter { $0.isMemory && ["/run", "/tmp", "/var/run"].contains($0.place) }
    for place in Set(places.map(\.place)).sorted() {
      notes.append("files in memory at \(place) are not taken over")
    }
    if isFirst {
      notes.append(
        "its first process is PID 1 of its namespace: at a thaw Thaw's PID 1 has CAP_SYS_ADMIN until the server "
          + "is there, to make that namespace; its memory is copied")
    }
    return notes
  }

  /// Descriptors of the root, but output and errors, that are pipes with one end in the images.
  private func halfPipes() throws(CRIUError) -> [Int32] {
    var ends: [Int128: Set<UInt32>] = [:]
    for pipe in files.compactMap({ $0.message.message("pipe") }) {
      ends[pipe.number("pipe_id") ?? 0, default: []].insert(
        UInt32(clamping: pipe.number("flags") ?? 0) & 3)
    }
    return try descriptors(of: root.pid).filter { entry in
      guard ![1, 2].contains(entry.descriptor),
        let pipe = file(entry.file)?.message.message("pipe")
      else { return false }
      return ends[pipe.number("pipe_id") ?? 0]?.count == 1
    }.map(\.descriptor)
  }

  /// What CRIU calls a standard stream of the root, such as `pipe:[4711]`; empty where it is no pipe, and comes back by
  /// itself.
  func stream(_ number: Int32) throws(CRIUError) -> String {
    let entry = try descriptors(of: root.pid).first { $0.descriptor == number }
    guard let entry, let pipe = file(entry.file)?.message.message("pipe") else { return "" }
    return "pipe:[\(pipe.number("pipe_id") ?? 0)]"
  }
}
