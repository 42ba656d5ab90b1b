import Linux
import TestBed
import Testing

@testable import Images

@Suite(.enabled(if: Needs.containers, "\(Needs.containersText)"), .timeLimit(.minutes(1)))
struct ContainerFileSystemTests {
  @Test func `the host's file system is seen, and written to the upper layer alone`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let marker: Path = Path("/etc/thaw-test-\(box.id)")
      let spec = ContainerSpec(
        onHostFileSystemWithID: box.id, upper: box.folder / "upper", work: box.folder / "work",
        arguments: ["/bin/sh", "-c", "head -1 /etc/os-release; echo mine > \(marker); ls /run"])
      let (status, text) = try box.run(spec)
      let release = try FileSystem.readText("/etc/os-release").split(separator: "\n")[0]
      #expect(status == .exited(0))
      #expect(text == "\(release)\n")
      #expect(!FileSystem.exists(marker))
      #expect(try FileSystem.readText(box.folder / "upper" / marker.string) == "mine\n")
    }
  }

  @Test func `a file system that is mounted below the host's root is shown as it is`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      // Another place of the same disk: what a separate /srv would be.
      let (disk, place) = (box.folder / "disk", box.folder / "place")
      for folder in [disk, place] { try FileSystem.makeDirectory(folder) }
      try FileSystem.writeFile(disk / "file", Array("on the disk\n".utf8))
      let table = try Mount.table()
      let found = HostMounts.real(in: table)
      #expect(!found.contains("/proc"))
      #expect(!found.contains(.root))
      var spec = box.spec("cat \(place)/file; echo new > \(place)/new")
      spec.hostFileSystem = true
      let mounts = spec.runtimeConfiguration(files: [], hostMounts: [place]).mounts
      #expect(mounts.contains { $0.destination == place.string && $0.options.contains("rw") })
      spec.binds = [.init(source: disk, destination: place)]
      #expect(try box.run(spec).text == "on the disk\n")
      #expect(try FileSystem.readText(disk / "new") == "new\n")
    }
  }

  @Test func `binds are read-only if told, and inner ones lie over outer ones`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      for name in ["outer", "inner"] {
        try FileSystem.makeDirectory(box.folder / name)
        try FileSystem.writeFile(box.folder / name / "name", Array("\(name)\n".utf8))
      }
      let script = "cat /run/thaw/name /run/thaw/in/name; touch /run/thaw/in/x; touch /run/thaw/x"
      let (_, text) = try box.run(script) {
        $0.binds = [
          .init(source: box.folder / "inner", destination: "/run/thaw/in", readOnly: true),
          .init(source: box.folder / "outer", destination: "/run/thaw"),
        ]
      }
      #expect(text.hasPrefix("outer\ninner\n"))
      #expect(text.contains("/run/thaw/in/x: Read-only file system"))
      #expect(FileSystem.exists(box.folder / "outer/x"))
    }
  }

  @Test func `a read-only root cannot be written, its tmpfs can`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let (_, text) = try box.run("touch /x; touch /run/x && touch /dev/shm/x && echo fine") {
        $0.readOnlyRoot = true
      }
      #expect(text == "touch: /x: Read-only file system\nfine\n")
    }
  }

  @Test func `what Docker hides and protects is hidden and protected if told`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let script = "echo 1 > /proc/sys/kernel/ns_last_pid; head -c 1 /proc/kcore | wc -c"
      let (_, text) = try box.run(script) {
        $0.protectsKernelPaths = true
        $0.capabilities = [.checkpointRestore, .sysAdmin]
      }
      #expect(text.contains("ns_last_pid: Read-only file system"))
      #expect(text.hasSuffix("0\n"))
      // A freeze writes there; the kernel asks for the capability alone.
      let free = try box.run("echo 5000 > /proc/sys/kernel/ns_last_pid && (sh -c 'echo $$'; true)")
      {
        $0.capabilities = [.checkpointRestore]
      }
      #expect(free.text == "5001\n")
    }
  }

  @Test func `the root folder has the mode and owner of the topmost layer`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      try FileSystem.changeMode(box.rootfs, 0o711)
      try FileSystem.changeOwner(box.rootfs, user: 5, group: 6)
      #expect(try box.run("stat -c '%a %u %g' /").text == "711 5 6\n")
    }
  }

  @Test func `a container knows its own names and those of its host`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let (_, text) = try box.run("cat /etc/hosts /etc/hostname /etc/resolv.conf") {
        $0.hostName = "shop"
        $0.names = NameFiles(
          address: IPv4Address("10.210.0.2"), hosts: ["127.0.0.1 localhost", "1.2.3.4 shop old"],
          resolver: "nameserver 192.0.2.1\n")
      }
      #expect(
        text == "127.0.0.1 localhost\n10.210.0.2\tshop\nshop\nnameserver 192.0.2.1\n")
    }
  }

  @Test(arguments: [
    ("nameserver 127.0.0.53\noptions edns0\n", "options edns0\n"),
    ("nameserver 127.0.0.1\nnameserver 192.0.2.1\n", "nameserver 192.0.2.1\n"),
    ("nameserver ::1\nnameserver 2001:db8::1", "nameserver 2001:db8::1"),
    ("# nameserver 127.0.0.1\nsearch x", "# nameserver 127.0.0.1\nsearch x"),
  ])
  func `name servers that only the host can reach are left out`(text: String, expected: String) {
    #expect(NameFiles.withoutLoopback(text) == expected)
  }
}

struct HostMountsTests {
  private func entries(_ lines: String...) -> [MountEntry] {
    lines.compactMap {
      MountEntry(
        parsing:
          "1 0 8:1 / \($0.split(separator: " ")[0]) rw - \($0.split(separator: " ")[1]) src rw")
    }
  }

  @Test func `disks below the root are shown, the kernel's own and other containers' are not`() {
    let table = entries(
      "/ ext4", "/proc proc", "/sys/fs/cgroup cgroup2", "/run tmpfs", "/home xfs", "/mnt/nfs nfs4",
      "/snap/core/1 squashfs", "/var/lib/docker/overlay2/x/merged overlay", "/run/lock ext4",
      "/var/lib/docker/volumes ext4", "/tmp/x ext4", "/opt zfs")
    #expect(HostMounts.real(in: table) == ["/home", "/mnt/nfs", "/snap/core/1", "/opt"])
    #expect(HostMounts.real(in: table, hiding: ["/snap"]) == ["/home", "/mnt/nfs", "/opt"])
  }

  @Test func `what is mounted last on a place is what counts`() {
    #expect(HostMounts.real(in: entries("/a ext4", "/b xfs", "/a xfs")) == ["/b", "/a"])
    #expect(HostMounts.real(in: entries("/a ext4", "/a tmpfs")) == [])
  }
}
