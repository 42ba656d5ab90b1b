import Linux
import TestBed
import Testing

@testable import Images

/// What a monitor does until it is killed: all that a running container has.
private enum DoomedMonitor {
  /// Starts a container with a network below a folder, then kills its own process.
  static func run(root: Path, isTransient: Bool, hasLeash: Bool) throws {
    try Processes.becomeSubreaper()
    let bundle = try Bundle.locate()
    let record = ContainerRecord(
      name: "doomed", image: "rootfs:\(root / "rootfs")", arguments: ["sh"],
      isTransient: isTransient)
    var owned = try Containers(root: root).create(record)
    let network = try Network.open(
      id: owned.id, published: [PublishedPort(hostPort: 0, containerPort: 7000)])
    let script = hasLeash ? "read x <&4" : "exec sleep 1000"
    var spec = ContainerSpec(
      id: owned.id, layers: [root / "rootfs"], upper: owned.folder.upper, work: owned.folder.work,
      arguments: ["/bin/sh", "-c", script])
    spec.environment = ["PATH": "/bin"]
    spec.networkNamespace = network.namespacePath
    let leash = try Pipe()
    let child = try Runc(bundle: bundle, state: root / "runc").start(
      spec, in: owned.folder.bundle, streams: .init(leash: leash.reader.rawValue),
      deadline: .after(.seconds(30)))
    let (pid, link) = (child.pid, network.interface)
    try owned.update {
      $0.state = .running
      $0.pid = pid
      $0.address = link
    }
    try Processes.signal(Host.processID, .kill)
  }
}

@Suite(.enabled(if: Needs.networks, "\(Needs.networksText)"), .timeLimit(.minutes(1)))
struct MonitorDeathTests {
  @Test func `after a kill the container ends by its leash, and the sweep finds little to do`()
    async throws
  {
    try await check(isTransient: true, hasLeash: true)
  }

  @Test func `a container without a leash is ended by the sweep`() async throws {
    try await check(isTransient: false, hasLeash: false)
  }

  private func check(isTransient: Bool, hasLeash: Bool) async throws {
    try await withTemporaryDirectory { root in
      try Box.makeRoot(root / "rootfs")
      await #expect(processExitsWith: .signal(9)) {
        [
          root = root.string as String, isTransient = isTransient as Bool,
          hasLeash = hasLeash as Bool
        ]
        in
        try DoomedMonitor.run(root: Path(root), isTransient: isTransient, hasLeash: hasLeash)
      }
      let all = Containers(root: root)
      let runc = Runc(bundle: try Bundle.locate(), state: root / "runc")
      let id = try #require(try FileSystem.list(root / "containers").first)
      let record = try all.folder(id).read()
      let (pid, link) = (try #require(record.pid), try #require(record.address))
      #expect(try all.find("doomed").state == .exited)
      // The rules go with nft, whose pipe the kernel has closed.
      #expect(try eventually { try !Leftovers.tables().contains(id) })
      if hasLeash {
        #expect(eventually { !Processes.isAlive(pid) })
      } else {
        #expect(Processes.isAlive(pid))
      }

      let swept = try all.sweep(runc: runc)
      #expect(swept.map(\.name) == ["doomed"])
      #expect(eventually { !Processes.isAlive(pid) })
      #expect(eventually { !Leftovers.hasInterface(link) })
      #expect(runc.ids() == [])
      #expect(Leftovers.groups(id) == [])
      #expect(try Leftovers.mounts(below: root) == [])
      if isTransient {
        #expect(try all.list() == [])
      } else {
        #expect(try all.find("doomed").exitCode == 137)
        try all.remove("doomed", runc: runc)
      }
      #expect(try FileSystem.list(root / "containers") == [])
    }
  }
}
