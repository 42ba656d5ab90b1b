import Checkpoint
import Images
import Linux
import Terminal

/// What the kernel and the processor offer.
extension Doctor {
  func kernel() -> [Check] {
    [
      Self.kernel(Host.kernelVersion, release: Host.kernelRelease),
      overlay(),
      timeNamespaces(),
      Self.lastPID(isWritable: canChoosePIDs),
      Self.pids(Self.setting("/proc/sys/kernel/pid_max").flatMap { Int($0) }),
      Self.clock(upTime: Clock.bootTime()),
      Self.cgroups((try? Mount.table()) ?? []),  // no /proc: no mounts are known
      Self.processor(Host.cpu),
    ]
  }

  static func kernel(_ version: KernelVersion, release: String) -> Check {
    if version >= KernelVersion(6, 1) { return .ok("kernel", release) }
    guard version >= KernelVersion(5, 13) else {
      return .missing(
        "kernel", release,
        fix: "use Linux 5.13 or later: CRIU cannot read what C libraries register (rseq) before")
    }
    return .warning(
      "kernel", release, fix: "Linux 6.1 or later is what Thaw is tried on")
  }

  /// Lays an overlay over a folder of the store's file system, where only this check sees it.
  private func overlay() -> Check {
    let name = "overlay"
    let known = (try? FileSystem.readText("/proc/filesystems")) ?? ""
    let isKnown = known.split(whereSeparator: \.isWhitespace).contains("overlay")
    guard canTry else {
      return isKnown
        ? .note(name, "in the kernel; not tried, which takes root")
        : .missing(name, "not in /proc/filesystems", fix: "modprobe overlay")
    }
    let place = Self.existing(root)
    do {
      try PrivateMounts.run { () throws(Errno) in try Self.tryOverlay(below: place) }
      return .ok(name, "works in \(place)")
    } catch {
      return .missing(
        name, "cannot be laid over a folder in \(place): \(error)",
        fix: "choose a --root on ext4, xfs or another file system that can hold an upper layer; "
          + "modprobe overlay")
    }
  }

  private static func tryOverlay(below place: Path) throws(Errno) {
    let folder = place / ".thaw-doctor-\(Host.randomName())"
    try FileSystem.makeDirectory(folder, mode: 0o700)
    defer { try? FileSystem.removeTree(folder) }  // what cannot be removed is empty
    for name in ["lower", "upper", "work", "all"] {
      try FileSystem.makeDirectory(folder / name)
    }
    try Mount.overlay(
      lower: [folder / "lower"], upper: folder / "upper", work: folder / "work", at: folder / "all")
    defer { try? Mount.unmount(folder / "all") }  // it goes with the namespace in any case
    try FileSystem.writeFile(folder / "all/file", [1])
  }

  /// The path, or the nearest folder above it that is there.
  static func existing(_ path: Path) -> Path {
    var path = path
    while path != path.parent, !FileSystem.exists(path) { path = path.parent }
    return path
  }

  /// Starts a program under clocks that begin near zero, as a freeze does.
  private func timeNamespaces() -> Check {
    let name = "time namespaces"
    let fix = "use a kernel with CONFIG_TIME_NS; without them servers cannot be frozen"
    guard FileSystem.exists("/proc/self/ns/time") else {
      return .missing(name, "not in this kernel", fix: fix)
    }
    if Self.setting("/proc/sys/user/max_time_namespaces") == "0" {
      return .missing(
        name, "none may be made", fix: "sysctl -w user.max_time_namespaces=1000")
    }
    // Before 6.1 an execve does not enter them, so that this way of trying would say nothing.
    guard canTry, capabilities.contains(.sysTime), Host.kernelVersion >= KernelVersion(6, 1) else {
      return .note(name, "in the kernel; not tried")
    }
    let young = TimeNamespace.Offsets(
      monotonic: .seconds(1) - Clock.monotonic(), bootTime: .seconds(1) - Clock.bootTime())
    switch Self.ask("/proc/self/exe", ["--version"], namespaces: .time, offsets: young) {
    case .said: return .ok(name, "work: clocks can start anew")
    case .failed(let why):
      return .missing(name, "a program cannot be started in one: \(why)", fix: fix)
    }
  }

  static func lastPID(isWritable: Bool) -> Check {
    isWritable
      ? .ok("ns_last_pid", "can be written: servers get pids above 1000")
      : .warning(
        "ns_last_pid", "cannot be written here",
        fix: "only inside of a container it does no harm; on the machine, run it as root")
  }

  static func pids(_ highest: Int?) -> Check {
    guard let highest else {
      return .warning("pid_max", "not known: /proc is not mounted", fix: "mount /proc")
    }
    return highest >= 4096
      ? .ok("pid_max", "\(Human.text(highest))")
      : .warning(
        "pid_max", "\(highest): servers of many threads find no pids above 1000",
        fix: "sysctl -w kernel.pid_max=32768")
  }

  static func clock(upTime: Duration) -> Check {
    .ok(
      "clock",
      "up for \(Human.text(upTime)); thaws with runc go on from where a server's clock stopped")
  }

  static func cgroups(_ table: [MountEntry]) -> Check {
    let found = table.filter { $0.type == "cgroup" || $0.type == "cgroup2" }
    let fix = "mount them: mount -t cgroup2 none /sys/fs/cgroup"
    guard let first = found.first else { return .missing("cgroups", "not mounted", fix: fix) }
    let old = found.filter { $0.type == "cgroup" }
    let text =
      old.isEmpty
      ? "version 2" : "version 1" + (old.count < found.count ? ", and 2 beside it" : "")
    return found.allSatisfy(\.isReadOnly)
      ? .missing("cgroups", "\(text), read-only at \(first.target)", fix: "mount them writable")
      : .ok("cgroups", text)
  }

  static func processor(_ processor: CPUFeatures) -> Check {
    .ok(
      "processor",
      "\(processor.model.isEmpty ? Host.architecture : processor.model), "
        + "\(processor.flags.count) features, \(processor.xsaveSize) bytes of vector state")
  }
}
