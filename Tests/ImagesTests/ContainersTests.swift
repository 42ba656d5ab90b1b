import Linux
import TestBed
import Testing

@testable import Images

@Suite(.timeLimit(.minutes(1)))
struct ContainersTests {
  private func record(_ name: String, transient: Bool = false) -> ContainerRecord {
    ContainerRecord(
      name: name, image: "host", arguments: ["java", "-jar", "shop.jar"],
      ports: [PublishedPort(hostPort: 80, containerPort: 8080)],
      volumes: [.init(source: "/srv", destination: "/data", readOnly: true)],
      isTransient: transient)
  }

  /// A runc that has no container.
  private func runc(_ folder: Path) -> Runc {
    Runc(bundle: Bundle(path: folder / "none"), state: folder / "runc")
  }

  @Test func `a container is known by its name, its id and the beginning of its id`() throws {
    try withTemporaryDirectory { root in
      let all = Containers(root: root)
      #expect(try all.list() == [])
      let shop = try all.create(record("shop"))
      let id = shop.id
      #expect(id.utf8.count == 12)
      for text in ["shop", id, String(id.prefix(3))] { #expect(try all.find(text).id == id) }
      let found = try all.find("shop")
      #expect(found.state == .created)
      #expect(found.monitor == Host.processID)
      #expect(found.ports == [PublishedPort(hostPort: 80, containerPort: 8080)])
      #expect(all.isRunning(id))
      for text in ["", "other", "zzz"] {
        let error = #expect(throws: EngineError.self) { _ = try all.find(text) }
        #expect(error?.code == .noSuchContainer)
      }
      _ = shop.folder
    }
  }

  @Test func `ids that begin alike are not guessed between`() throws {
    try withTemporaryDirectory { root in
      let all = Containers(root: root)
      var (one, two) = (record("one"), record("two"))
      one.id = "abc000000000"
      two.id = "abd000000000"
      let first = try all.create(one)
      let second = try all.create(two)
      let error = #expect(throws: EngineError.self) { _ = try all.find("ab") }
      #expect(error?.cause.contains("2 containers") == true)
      #expect(try all.find("abd").name == "two")
      _ = (first.id, second.id)
    }
  }

  @Test func `a name is given once, also to one that has ended`() throws {
    try withTemporaryDirectory { root in
      let all = Containers(root: root)
      do {
        let shop = try all.create(record("shop"))
        let error = #expect(throws: EngineError.self) { _ = try all.create(record("shop")) }
        #expect(error?.code == .nameTaken)
        #expect(error?.cause.contains(shop.id) == true)
      }
      let error = #expect(throws: EngineError.self) { _ = try all.create(record("shop")) }
      #expect(error?.code == .nameTaken)
      #expect(error?.fix?.contains("thaw rm shop") == true)
      #expect(try all.list().count == 1)
    }
  }

  @Test(arguments: [
    "", "-shop", ".", "..", "a/b", "a b", "schö", String(repeating: "a", count: 65),
  ])
  func `a name that is none is refused`(name: String) throws {
    try withTemporaryDirectory { root in
      let error = #expect(throws: EngineError.self) {
        _ = try Containers(root: root).create(record(name))
      }
      #expect(error?.code == .badName)
      #expect(!FileSystem.exists(root / "containers"))
    }
  }

  @Test func `when the monitor is gone, the container has ended, whatever its record says`() throws
  {
    try withTemporaryDirectory { root in
      let all = Containers(root: root)
      do {
        var shop = try all.create(record("shop"))
        try shop.update {
          $0.state = .running
          $0.pid = 1
          $0.started = Clock.wall()
        }
        #expect(try all.find("shop").state == .running)
        #expect(try all.find("shop").pid == 1)
      }
      let found = try all.find("shop")
      #expect(found.state == .exited)
      #expect(found.exitCode == 137)
      #expect(found.pid == nil)
      #expect(!all.isRunning(found.id))
    }
  }

  @Test func `an end that was noted stays as it is`() throws {
    try withTemporaryDirectory { root in
      let all = Containers(root: root)
      do {
        var shop = try all.create(record("shop"))
        try shop.update {
          $0.state = .exited
          $0.exitCode = 3
          $0.tier = "hot"
          $0.tierReason = "because"
          $0.firstReady = 36.5
        }
      }
      let found = try all.find("shop")
      #expect(found.exitCode == 3)
      #expect(found.firstReady == 36.5)
      #expect(try all.sweep(runc: runc(root)) == [])
    }
  }

  @Test func `a running container is not removed, an ended one is with all that it wrote`() throws {
    try withTemporaryDirectory { root in
      let all = Containers(root: root)
      do {
        let shop = try all.create(record("shop"))
        let error = #expect(throws: EngineError.self) {
          try all.remove("shop", runc: runc(root))
        }
        #expect(error?.code == .stillRunning)
        #expect(FileSystem.exists(shop.folder.record))
        try FileSystem.writeFile(shop.folder.upper / "data", [1, 2, 3])
      }
      try all.remove("shop", runc: runc(root))
      #expect(try FileSystem.list(root / "containers") == [])
      let error = #expect(throws: EngineError.self) { try all.remove("shop", runc: runc(root)) }
      #expect(error?.code == .noSuchContainer)
    }
  }

  @Test func `its own monitor removes it`() throws {
    try withTemporaryDirectory { root in
      let all = Containers(root: root)
      let shop = try all.create(record("shop"))
      try shop.remove()
      #expect(try FileSystem.list(root / "containers") == [])
    }
  }

  @Test func `one that has ended can be owned again, one that runs cannot`() throws {
    try withTemporaryDirectory { root in
      let all = Containers(root: root)
      do {
        let shop = try all.create(record("shop"))
        let error = #expect(throws: EngineError.self) { _ = try all.own("shop") }
        #expect(error?.code == .stillRunning)
        _ = shop.id
      }
      let again = try all.own("shop")
      #expect(all.isRunning(again.id))
    }
  }

  @Test func `sweeping removes transient ones and notes the end of others`() throws {
    try withTemporaryDirectory { root in
      let all = Containers(root: root)
      let alive = try all.create(record("alive", transient: true))
      do {
        _ = try all.create(record("passing", transient: true))
        _ = try all.create(record("lasting"))
      }
      // What a create leaves that was killed in its midst.
      try FileSystem.makeDirectory(root / "containers/0123456789ab/upper", parents: true)
      let swept = try all.sweep(runc: runc(root))
      #expect(Set(swept.map(\.name)) == ["passing", "lasting", "0123456789ab"])
      #expect(Set(try all.list().map(\.name)) == ["alive", "lasting"])
      let lasting = try all.find("lasting")
      #expect(lasting.state == .exited)
      #expect(lasting.exitCode == 137)
      #expect(lasting.finished != nil)
      #expect(all.isRunning(alive.id))
      #expect(try all.sweep(runc: runc(root)) == [])
    }
  }

  @Test(arguments: ["", "{", "null", #"{"id": 5}"#, "\u{0}\u{1}"])
  func `a damaged record is shown, hinders nobody, and can be removed`(text: String) throws {
    try withTemporaryDirectory { root in
      let all = Containers(root: root)
      let id: String
      do {
        let broken = try all.create(record("broken"))
        id = broken.id
        try FileSystem.writeFile(broken.folder.record, Array(text.utf8))
        #expect(try all.list().map(\.state) == [.running])
      }
      let other = try all.create(record("other"))
      #expect(try all.list().map(\.state) == [.created, .damaged])
      #expect(try all.find(id).state == .damaged)
      #expect(try all.sweep(runc: runc(root)) == [])
      let error = #expect(throws: EngineError.self) { _ = try all.own(id) }
      #expect(error?.code == .recordDamaged)
      #expect(error?.fix?.contains("thaw rm \(id)") == true)
      try all.remove(id, runc: runc(root))
      #expect(try all.list().map(\.name) == ["other"])
      _ = other.id
    }
  }

  @Test func `a record of a later version is read as far as it is known`() throws {
    try withTemporaryDirectory { root in
      let all = Containers(root: root)
      let shop = try all.create(record("shop"))
      let text = try FileSystem.readText(shop.folder.record)
      let later = text.replacing("\"name\"", with: "\"weather\" : \"fine\",\n  \"name\"")
      try FileSystem.writeFile(shop.folder.record, Array(later.utf8))
      #expect(try all.find("shop").arguments == ["java", "-jar", "shop.jar"])
    }
  }

  @Test(.enabled(if: Machine.isRoot && Machine.canMount, "needs root"))
  func `a full disk is told, and nothing is left of the container`() throws {
    try withTemporaryDirectory { root in
      try Mount.tmpfs(at: root, size: .kibibytes(16))
      defer { try? Mount.unmount(root, lazy: true) }  // the folder's removal fails if this does
      try? FileSystem.writeFile(root / "filler", [UInt8](repeating: 1, count: 1 << 16))
      let error = #expect(throws: EngineError.self) {
        _ = try Containers(root: root).create(record("shop"))
      }
      #expect(error?.code == .diskFull)
      // The folder of all containers may be there; nothing is in it.
      let left = root / "containers"
      #expect(try !FileSystem.exists(left) || FileSystem.list(left).isEmpty)
    }
  }
}
