import Linux
import TestBed

@testable import Images

/// What containers of the tests need.
enum Needs {
  /// Whether this machine can run containers.
  static let containers =
    Machine.isRoot && Machine.canMount && Machine.bundle != nil && Machine.has("busybox")
  /// Whether it can give them networks.
  static let networks = containers && Machine.has("ip", "nft")
  /// Whether it can build programs for them.
  static let programs = containers && Machine.has("cc")

  static let containersText: String =
    "needs root, the bundle (Setup/bundle.sh) and busybox (busybox-static)"
  static let networksText: String =
    "needs root, the bundle (Setup/bundle.sh), busybox (busybox-static), ip and nft"
  static let programsText: String =
    "needs root, the bundle (Setup/bundle.sh), busybox (busybox-static) and cc"
}

/// A folder with a tiny root file system, in which containers of a test are run.
///
/// It makes its process a subreaper, so it is used in exit tests only: in the process of all tests,
/// orphans of others would come in their way.
struct Box: ~Copyable {
  let folder: TemporaryDirectory
  let runc: Runc
  /// The id of the box's container.
  let id: String

  init(id: String = ContainerRecord.newID()) throws {
    let folder = try TemporaryDirectory("images")
    let bundle = try Bundle.locate()
    try Processes.becomeSubreaper()
    try Self.makeRoot(folder / "rootfs")
    try FileSystem.makeDirectory(folder / "upper")
    try FileSystem.makeDirectory(folder / "work")
    runc = Runc(bundle: bundle, state: folder / "runc")
    self.id = id
    self.folder = folder
  }

  var rootfs: Path { folder / "rootfs" }
  var bundle: Path { folder / "bundle" }

  /// Busybox with its names, and nothing else.
  static func makeRoot(_ root: Path) throws {
    for name in ["bin", "etc", "tmp", "www", "home"] {
      try FileSystem.makeDirectory(root / name, parents: true)
    }
    let busybox = Machine.executable(named: "busybox") ?? "/bin/busybox"
    try FileSystem.writeFile(root / "bin/busybox", FileSystem.readFile(busybox), mode: 0o755)
    let list = try Spawn(busybox, ["--list"]).run(deadline: .after(.seconds(10)))
    for name in list.text.split(separator: "\n") where name != "busybox" {
      try FileSystem.symbolicLink(at: root / "bin" / String(name), to: "busybox")
    }
    try FileSystem.writeFile(root / "etc/passwd", Array("root:x:0:0::/:/bin/sh\n".utf8))
    try FileSystem.writeFile(root / "www/hello", Array("hello from the container\n".utf8))
  }

  /// A container of this box that runs a shell script.
  func spec(_ script: String) -> ContainerSpec {
    var spec = ContainerSpec(
      id: id, layers: [rootfs], upper: folder / "upper", work: folder / "work",
      arguments: ["/bin/sh", "-c", script])
    spec.environment = ["PATH": "/bin"]
    return spec
  }

  /// Runs a script to its end.
  func run(
    _ script: String, deadline: Deadline = .after(.seconds(30)),
    _ change: (inout ContainerSpec) -> Void = { _ in }
  ) throws -> (status: ExitStatus?, text: String) {
    var spec = spec(script)
    change(&spec)
    return try run(spec, deadline: deadline)
  }

  func run(
    _ spec: ContainerSpec, deadline: Deadline = .after(.seconds(30))
  ) throws -> (status: ExitStatus?, text: String) {
    let pipe = try Pipe()
    let child = try runc.start(
      spec, in: bundle,
      streams: .init(output: pipe.writer.rawValue, errors: pipe.writer.rawValue),
      deadline: deadline)
    let reader = pipe.intoReader()
    var bytes: [UInt8] = []
    while try reader.poll(for: .readable, deadline: deadline) {
      let more = try reader.read(upTo: 65_536)
      if more.isEmpty { break }
      bytes += more
    }
    let status = try child.wait(deadline: deadline)
    try runc.delete(id)
    return (status, String(decoding: bytes, as: UTF8.self))
  }
}
