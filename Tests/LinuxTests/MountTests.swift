import Linux
import TestBed
import Testing

/// Each in a process of its own with a mount namespace: nothing of it can stay on this machine.
@Suite(.timeLimit(.minutes(1)), .enabled(if: Machine.canMount, "needs CAP_SYS_ADMIN"))
struct MountTests {
  @Test func `an overlay on a tmpfs takes what is written`() async {
    await #expect(processExitsWith: .success) {
      try withTemporaryDirectory("mounts") { folder in
        try Sandbox.run(folder) {
          try Mount.tmpfs(at: folder, size: .mebibytes(16), mode: 0o750)
          #expect(try FileSystem.status(folder).mode == 0o750)
          #expect(try FileSystem.space(of: folder).total == .mebibytes(16))
          for name in ["lower", "upper", "work", "merged"] {
            try FileSystem.makeDirectory(folder / name)
          }
          try FileSystem.writeFile(folder / "lower/file", [1])
          try FileSystem.writeFile(folder / "lower/gone", [1])
          try Mount.overlay(
            lower: [folder / "lower"], upper: folder / "upper", work: folder / "work",
            at: folder / "merged")
          try FileSystem.writeFile(folder / "merged/file", [2])
          try FileSystem.remove(folder / "merged/gone")
          #expect(try FileSystem.readFile(folder / "lower/file") == [1])
          #expect(try FileSystem.readFile(folder / "upper/file") == [2])
          #expect(try FileSystem.linkStatus(folder / "upper/gone").kind == .character)
          let entry = try Mount.table().last { $0.target == folder / "merged" }
          #expect(entry?.type == "overlay")
          // A copy of the layer is a layer: the whiteout is in it.
          try FileSystem.copyTree(from: folder / "upper", to: folder / "copy")
          #expect(try FileSystem.linkStatus(folder / "copy/gone").specialDevice == 0)
          try Mount.unmount(folder / "merged")
          #expect(throws: Errno.invalid) { try Mount.unmount(folder / "merged") }
          #expect(try FileSystem.list(folder / "merged").isEmpty)
        }
      }
    }
  }

  @Test func `a read-only bind cannot be written`() async {
    await #expect(processExitsWith: .success) {
      try withTemporaryDirectory("mounts") { folder in
        try Sandbox.run(folder) {
          try FileSystem.makeDirectory(folder / "a")
          try FileSystem.makeDirectory(folder / "b")
          try Mount.bind(folder / "a", at: folder / "b", readOnly: true)
          try FileSystem.writeFile(folder / "a/file", [1])
          #expect(try FileSystem.readFile(folder / "b/file") == [1])
          #expect(throws: Errno.readOnlyFileSystem) {
            try FileSystem.writeFile(folder / "b/file", [2])
          }
          // A tree with a mount in it is not removed beyond the mount.
          #expect(throws: Errno.crossDevice) { try FileSystem.removeTree(folder / "b") }
          #expect(try FileSystem.readFile(folder / "a/file") == [1])
          try FileSystem.makeDirectory(folder / "c/inner", parents: true)
          try Mount.bind(folder / "a", at: folder / "c/inner")
          #expect(throws: Errno.crossDevice) { try FileSystem.removeTree(folder / "c") }
          #expect(try FileSystem.readFile(folder / "a/file") == [1])
        }
      }
    }
  }

  @Test func `a path that overlayfs would misread is refused`() {
    #expect(throws: Errno.invalid) {
      try Mount.overlay(lower: ["/a:b"], upper: nil, work: nil, at: "/nowhere")
    }
  }

  @Test func `a child has namespaces of its own`() throws {
    var spawn = Spawn("sh", ["-c", "echo $$; readlink /proc/self/ns/mnt /proc/self/ns/uts"])
    spawn.namespaces = [.mount, .uts, .pid, .ipc, .network]
    let result = try spawn.run(deadline: .after(.seconds(20)))
    let lines = result.text.split(separator: "\n").map(String.init)
    #expect(lines.first == "1")
    let own = try ["mnt", "uts"].map { try FileSystem.readLink(Path("/proc/self/ns") / $0) }
    #expect(lines.count == 3 && lines[1] != own[0] && lines[2] != own[1])
  }

  @Test(
    .enabled(if: FileSystem.exists("/proc/self/timens_offsets"), "needs time namespaces"),
    .enabled(if: Host.kernelVersion >= KernelVersion(6, 1), "needs Linux 6.1"))
  func `a child's clock starts near zero`() throws {
    var spawn = Spawn("cat", ["/proc/uptime", "/proc/self/timens_offsets"])
    spawn.namespaces = .time
    spawn.clockOffsets = TimeNamespace.Offsets(
      monotonic: .seconds(5) - Clock.monotonic(), bootTime: .seconds(7) - Clock.bootTime())
    let result = try spawn.run(deadline: .after(.seconds(20)))
    let uptime = try #require(result.text.split(separator: " ").first.flatMap { Double($0) })
    #expect(uptime >= 6.9 && uptime < 30)
    #expect(Clock.bootTime() > .seconds(30))
  }

  @Test func `a namespace is entered by its file`() async {
    await #expect(processExitsWith: .success) {
      var spawn = Spawn("sleep", ["60"])
      spawn.namespaces = .uts
      let child = try spawn.start()
      let theirs = Namespaces.identity(of: .uts, pid: child.pid)
      #expect(theirs != nil && theirs != Namespaces.identity(of: .uts))
      try Namespaces.enter(try Descriptor.open(Path("/proc/\(child.pid)/ns/uts"), .readOnly), .uts)
      #expect(Namespaces.identity(of: .uts) == theirs)
      _ = try child.killTree()
    }
  }
}

/// A mount namespace for what a test mounts.
enum Sandbox {
  /// Runs something with mounts of its own, and takes those away that it left at or below a folder.
  static func run(_ folder: Path, _ body: () throws -> Void) throws {
    // CLONE_NEWNS is per thread as long as the thread's root and folder are its own: CLONE_FS
    // (0x200) comes first.
    try Namespaces.unshare([.mount, Namespaces(rawValue: 0x200)])
    try Mount.makePrivate()
    try body()
    for entry in try Mount.table().reversed() where entry.target.isInside(folder) {
      try Mount.unmount(entry.target, lazy: true)
    }
  }
}
