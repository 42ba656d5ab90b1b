import Linux
import TestBed
import Testing

@testable import Images

/// An OCI layout with a tiny image, made with umoci as anybody would.
struct Layout: ~Copyable {
  let folder: TemporaryDirectory
  let bundle: Bundle

  private init(_ folder: consuming TemporaryDirectory, _ bundle: Bundle) {
    self.folder = folder
    self.bundle = bundle
  }

  static func make() throws -> Layout {
    let made = Layout(try TemporaryDirectory("layout"), try Bundle.locate())
    try made.fill()
    return made
  }

  private func fill() throws {
    try Box.makeRoot(folder / "tree")
    try FileSystem.changeOwner(folder / "tree/home", user: 20_000, group: 20_001)
    try umoci("init", "--layout", layout.string)
    try umoci("new", "--image", image)
    try add(layer: folder / "tree")
    try umoci(
      "config", "--image", image, "--config.entrypoint", "/bin/sh", "--config.entrypoint", "-c",
      "--config.cmd", "echo hello", "--config.env", "GREETING=hello there", "--config.env",
      "EMPTY=",
      "--config.user", "20000:20001", "--config.workingdir", "/home", "--config.exposedports",
      "5432/tcp", "--config.exposedports", "53/udp", "--config.exposedports", "8080",
      "--config.volume", "/var/lib/data", "--config.label", "org.example=yes",
      "--config.stopsignal", "SIGINT")
  }

  var layout: Path { folder / "layout" }
  var image: String { "\(layout):small" }
  var reference: String { "oci:\(image)" }
  var root: Path { folder / "thaw" }
  var store: ImageStore { ImageStore(root: root, bundle: bundle) }

  func umoci(_ arguments: String...) throws {
    let finished = try Spawn(bundle.umoci, arguments).run(deadline: .after(.seconds(50)))
    try #require(finished.isSuccess, "\(finished.errorText)")
  }

  /// Lays a folder over the image, as a layer.
  func add(layer tree: Path) throws {
    let archive = folder / "layer.tar"
    let finished = try Spawn("tar", ["-C", tree.string, "-cf", archive.string, "."])
      .run(deadline: .after(.seconds(50)))
    try #require(finished.isSuccess, "\(finished.errorText)")
    try umoci("raw", "add-layer", "--image", image, archive.string)
  }

  /// What is in the store: names of images and remains.
  var stored: [String] {
    // Not there: nothing was ever stored.
    (try? FileSystem.list(root / "images")) ?? []
  }
}

@Suite(.enabled(if: Needs.containers, "\(Needs.containersText)"), .timeLimit(.minutes(1)))
struct ImageStoreTests {
  @Test func `an image is unpacked with its owners, and what it says is read`() throws {
    let layout = try Layout.make()
    var steps: [String] = []
    let image = try layout.store.resolve(
      layout.reference,
      progress: { what, fraction in
        steps.append(what)
        #expect(fraction.map { (0...1).contains($0) } ?? true)
      }, deadline: .after(.seconds(50)))
    let configuration = image.configuration
    #expect(configuration.entrypoint == ["/bin/sh", "-c"])
    #expect(configuration.command == ["echo hello"])
    #expect(configuration.environment["GREETING"] == "hello there")
    #expect(configuration.environment["EMPTY"] == "")
    #expect(configuration.user == "20000:20001")
    #expect(configuration.workingDirectory == "/home")
    #expect(configuration.exposedPorts == [5432, 8080])
    #expect(configuration.volumes == ["/var/lib/data"])
    #expect(configuration.labels["org.example"] == "yes")
    #expect(configuration.stopSignal == "SIGINT")
    let home = try FileSystem.status(image.rootfs / "home")
    #expect(home.owner == 20_000)
    #expect(home.group == 20_001)
    #expect(try FileSystem.readLink(image.rootfs / "bin/sh") == "busybox")
    #expect(steps.first == "Looking at \(layout.reference)")
    #expect(steps.contains("Copying \(layout.reference)"))
    #expect(steps.contains("Unpacking \(layout.reference)"))
    guard case .image(layout.reference, let digest) = image.base else {
      Issue.record("\(image.base)")
      return
    }
    #expect(digest.hasPrefix("sha256:"))
    #expect(layout.stored == [String(digest.dropFirst(7))])
    #expect(try FileSystem.list(image.rootfs.parent) == ["image.json", "rootfs"])
  }

  @Test func `a container runs on it`() async {
    await #expect(processExitsWith: .success) {
      let layout = try Layout.make()
      let image = try layout.store.resolve(layout.reference, deadline: .after(.seconds(50)))
      let box = try Box()
      let (status, text) = try box.run("") {
        $0.layers = [image.rootfs]
        $0.arguments = image.configuration.entrypoint + image.configuration.command
      }
      #expect(status == .exited(0))
      #expect(text == "hello\n")
    }
  }

  @Test func `it is unpacked once for each content, not for each name`() throws {
    let layout = try Layout.make()
    let first = try layout.store.resolve(layout.reference, deadline: .after(.seconds(50)))
    try layout.umoci("tag", "--image", layout.image, "other")
    var steps: [String] = []
    let other = "oci:\(layout.layout):other"
    let second = try layout.store.resolve(other, progress: { steps.append("\($0) \($1 ?? -1)") })
    #expect(second.rootfs == first.rootfs)
    #expect(second.base.description == other)
    #expect(steps == ["Looking at \(other) -1.0"])

    try FileSystem.makeDirectory(layout.folder / "more/etc", parents: true)
    try FileSystem.writeFile(layout.folder / "more/etc/more", [1])
    try layout.add(layer: layout.folder / "more")
    let third = try layout.store.resolve(layout.reference, deadline: .after(.seconds(50)))
    #expect(third.rootfs != first.rootfs)
    #expect(FileSystem.exists(third.rootfs / "etc/more"))
    #expect(layout.stored.count == 2)
  }

  @Test func `an archive and a folder are taken as well`() throws {
    let layout = try Layout.make()
    let archive = layout.folder / "image.tar"
    let tar = try Spawn("tar", ["-C", layout.layout.string, "-cf", archive.string, "."])
      .run(deadline: .after(.seconds(50)))
    try #require(tar.isSuccess)
    let one = try layout.store.resolve("oci-archive:\(archive)", deadline: .after(.seconds(50)))
    #expect(FileSystem.exists(one.rootfs / "bin/busybox"))
    let two = try layout.store.resolve(layout.layout.string, deadline: .after(.seconds(50)))
    #expect(two.rootfs == one.rootfs)
    let tree = try layout.store.resolve("rootfs:\(layout.folder.path)/tree")
    #expect(tree.rootfs == layout.folder / "tree")
    #expect(tree.configuration == ImageConfiguration())
    try FileSystem.writeFile(layout.folder / "tree/etc/new", [1])
    let changed = try layout.store.resolve("rootfs:\(layout.folder.path)/tree")
    #expect(changed.base != tree.base)
  }

  @Test func `an image that is not there is told`() throws {
    let layout = try Layout.make()
    for reference in [
      "oci:\(layout.layout):missing", "oci:/no/such/layout:x", "oci-archive:/no/such/archive",
      "/no/such/folder", "rootfs:/no/such/folder", "rootfs:/etc/passwd", "",
    ] {
      let error = #expect(throws: EngineError.self) {
        _ = try layout.store.resolve(reference, deadline: .after(.seconds(20)))
      }
      #expect(error?.code == .imageNotFound, "\(reference): \(error?.description ?? "")")
      #expect(error?.fix != nil)
    }
    #expect(layout.stored == [])
  }

  @Test func `a registry that cannot be reached is told in time`() throws {
    let layout = try Layout.make()
    // Nobody listens on port 1.
    let error = #expect(throws: EngineError.self) {
      _ = try layout.store.resolve("127.0.0.1:1/nothing:1", deadline: .after(.seconds(30)))
    }
    #expect(error?.code == .imageNotFound)
    #expect(error?.cause.contains("connection refused") == true, "\(error?.description ?? "")")
  }

  @Test(arguments: ["layers", "config", "manifest"])
  func `a damaged image is told, and nothing is left of it`(part: String) throws {
    let layout = try Layout.make()
    let blobs = layout.layout / "blobs/sha256"
    // The layer is by far the largest file, a manifest says what kinds of files it names.
    for name in try FileSystem.list(blobs) {
      let bytes = try FileSystem.readFile(blobs / name)
      let text = String(decoding: bytes.prefix(4096), as: UTF8.self)
      let kind =
        bytes.count > 100_000
        ? "layers" : text.contains("mediaType") ? "manifest" : "config"
      guard kind == part else { continue }
      try FileSystem.writeFile(blobs / name, Array(bytes.dropLast(bytes.count / 2)))
    }
    let error = #expect(throws: EngineError.self) {
      _ = try layout.store.resolve(layout.reference, deadline: .after(.seconds(50)))
    }
    let expected: [EngineError.Code] = [.unpackFailed, .imageDamaged, .imageNotFound]
    #expect(expected.contains(error?.code ?? .failed), "\(error?.description ?? "")")
    #expect(layout.stored == [])
  }

  @Test func `an image that was unpacked and is damaged is unpacked anew`() throws {
    let layout = try Layout.make()
    let first = try layout.store.resolve(layout.reference, deadline: .after(.seconds(50)))
    try FileSystem.writeFile(first.rootfs.parent / "image.json", Array("{".utf8))
    let second = try layout.store.resolve(layout.reference, deadline: .after(.seconds(50)))
    #expect(second == first)
    #expect(layout.stored.count == 1)
  }

  @Test func `a full disk is told, and nothing is left`() throws {
    let layout = try Layout.make()
    try FileSystem.makeDirectory(layout.root)
    // Room for the copy, not for the unpacked files.
    try Mount.tmpfs(at: layout.root, size: .kibibytes(1700))
    // If this fails, so does the removal of its folder.
    defer { try? Mount.unmount(layout.root, lazy: true) }
    let error = #expect(throws: EngineError.self) {
      _ = try layout.store.resolve(layout.reference, deadline: .after(.seconds(50)))
    }
    #expect(error?.code == .diskFull, "\(error?.description ?? "")")
    #expect(error?.fix?.contains("--root") == true)
    #expect(layout.stored == [])
  }

  @Test func `a disk that is too small for the copy is told as well`() throws {
    let layout = try Layout.make()
    try FileSystem.makeDirectory(layout.root)
    try Mount.tmpfs(at: layout.root, size: .kibibytes(200))
    // If this fails, so does the removal of its folder.
    defer { try? Mount.unmount(layout.root, lazy: true) }
    let error = #expect(throws: EngineError.self) {
      _ = try layout.store.resolve(layout.reference, deadline: .after(.seconds(50)))
    }
    #expect(error?.code == .diskFull, "\(error?.description ?? "")")
    #expect(layout.stored == [])
  }

  @Test func `it can be cancelled and has a deadline, and leaves nothing`() throws {
    let layout = try Layout.make()
    let cancel = try Pipe()
    try cancel.writer.writeAll([1])
    let raw = cancel.reader.rawValue
    let cancelled = #expect(throws: EngineError.self) {
      _ = try layout.store.resolve(layout.reference, cancel: raw)
    }
    #expect(cancelled?.code == .cancelled)
    let late = #expect(throws: EngineError.self) {
      _ = try layout.store.resolve(layout.reference, deadline: .after(.zero))
    }
    #expect(late?.code == .timedOut)
    #expect(layout.stored == [])
  }

  @Test func `what was left by one who was killed is swept away, what is locked is not`() throws {
    let layout = try Layout.make()
    for name in [".new-1-1", ".new-2-2"] {
      try FileSystem.makeDirectory(layout.root / "images" / name / "rootfs", parents: true)
    }
    guard let lock = try FileLock.tryLock(layout.root / "images/.new-2-2") else {
      Issue.record("not locked")
      return
    }
    _ = try layout.store.resolve(layout.reference, deadline: .after(.seconds(50)))
    #expect(layout.stored.filter { $0.hasPrefix(".") } == [".new-2-2"])
    _ = lock.rawValue
  }

  @Test func `without skopeo the bundle is to be made anew`() throws {
    let layout = try Layout.make()
    let store = ImageStore(root: layout.root, bundle: Bundle(path: layout.folder / "none"))
    let error = #expect(throws: EngineError.self) { _ = try store.resolve(layout.reference) }
    #expect(error?.code == .noBundle)
  }
}
