import Linux
import TestBed
import Testing

/// A machine of its own for one test: processes, network, mounts and runc's state of nobody else, above the machine's files.
///
/// What a test leaves behind is seen there, and gone with it: its first process ends with this value, and all others with that.
final class Bed {
  let folder: TemporaryDirectory
  /// The first process of the bed, in this machine's numbers.
  let first: Int32
  private let keeper: Child
  private let leash: Descriptor
  private var mountsBefore: Int

  /// Thaw's folder.
  var root: Path { folder / "root" }
  var server: Path { folder / "server.pl" }

  private static let setUp = """
    ip link set lo up && mount -t tmpfs -o mode=755 tmpfs /run &&
    exec perl -e '$SIG{CHLD} = "IGNORE"; syswrite STDOUT, "up\\n"; 1 while sysread STDIN, $_, 1'
    """

  init() throws {
    folder = try TemporaryDirectory("end-to-end")
    try FileSystem.writeFile(folder / "server.pl", Array(QuickServer.source.utf8))
    try FileSystem.writeFile(folder / "client.pl", Array(QuickServer.client.utf8))
    let input = try Pipe()
    let output = try Pipe()
    var spawn = Spawn(
      "unshare", ["--net", "--pid", "--mount", "--fork", "--mount-proc", "sh", "-c", Self.setUp])
    spawn.descriptors = [0: input.reader.rawValue, 1: output.writer.rawValue]
    keeper = try spawn.start()
    leash = input.intoWriter()
    let reader = output.intoReader()
    #expect(try reader.poll(for: .readable, deadline: .after(.seconds(10))))
    _ = try reader.read(upTo: 3)
    let unshare = keeper.pid
    first = try #require(Processes.children(of: unshare).first)
    mountsBefore = try Self.mounts(of: first)
  }

  deinit {
    // The bed's first process, which is not reaped by us, ends all others of it.
    try? Processes.signal(first, .kill)
    _ = try? keeper.wait(deadline: .after(.seconds(10)))
    for id in (try? FileSystem.list(root / "containers")) ?? [] {
      Leftovers.removeGroup("thaw-\(id)")
    }
  }

  // MARK: Commands

  /// Any program in the bed.
  func spawn(_ words: [String], environment: [String: String] = [:]) -> Spawn {
    var spawn = Spawn(
      "nsenter", ["--target", "\(first)", "--mount", "--net", "--pid", "--"] + words)
    spawn.environment = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
    spawn.environment["LANG"] = "C.UTF-8"
    spawn.environment["THAW_BUNDLE"] = Machine.bundle?.string
    spawn.environment.merge(environment) { $1 }
    return spawn
  }

  private func words(_ words: [String]) -> [String] {
    [Needs.executable?.string ?? "", "--root", root.string] + words
  }

  /// Runs `thaw` to its end.
  func thaw(
    _ words: String..., environment: [String: String] = [:], within: Duration = .seconds(40)
  ) throws -> Finished {
    try thaw(words, environment: environment, within: within)
  }

  func thaw(
    _ words: [String], environment: [String: String] = [:], within: Duration = .seconds(40)
  ) throws -> Finished {
    let finished = try spawn(self.words(words), environment: environment)
      .run(deadline: .after(within))
    #expect(!finished.timedOut, "thaw \(words) did not end: \(finished.errorText)")
    return finished
  }

  /// Starts `thaw` and leaves it running.
  func start(_ words: String..., environment: [String: String] = [:]) throws -> Started {
    try start(words, environment: environment)
  }

  func start(_ words: [String], environment: [String: String] = [:]) throws -> Started {
    try Started(
      spawn(self.words(words), environment: environment), in: folder.path,
      name: words.joined(separator: " "))
  }

  /// Starts any program and leaves it running.
  func start(program words: [String]) throws -> Started {
    try Started(spawn(words), in: folder.path, name: words.first ?? "")
  }

  /// Runs any program to its end.
  func run(_ words: String...) throws -> Finished {
    try spawn(words).run(deadline: .after(.seconds(20)))
  }

  /// The answer to an HTTP question; nil if there is none.
  func get(_ path: String, port: Int = QuickServer.port, host: String = "127.0.0.1") throws
    -> String?
  {
    let finished = try run("perl", (folder / "client.pl").string, host, "\(port)", path)
    return finished.isSuccess ? finished.text : nil
  }

  // MARK: Freezing

  /// Freezes the quick server as `web`.
  @discardableResult
  func freeze(
    _ options: [String] = [], server words: [String] = [], environment: [String: String] = [:]
  ) throws -> Finished {
    try thaw(freezing(options, server: words), environment: environment)
  }

  /// The words that freeze the quick server as `web`.
  func freezing(_ options: [String] = [], server words: [String] = []) -> [String] {
    let ready = options.contains("--ready") ? [] : ["--ready", "http://127.0.0.1:8080/"]
    return ["freeze", "--name", "web"] + ready + options + ["--", "perl", server.string] + words
  }

  /// Writes a recipe for the quick server; `more` is YAML besides what every recipe has.
  func recipe(_ more: String = "", arguments: [String] = []) throws -> Path {
    let recipe = folder / "web"
    try FileSystem.makeDirectory(recipe, parents: true)
    let words = arguments.map { "\"\($0)\"" }.joined(separator: ", ")
    let text = """
      recipe: 1
      name: web
      server:
        command: [perl, \(server)]
        arguments: [\(words)]
      ports: [8080]
      \(more.contains("ready:") ? "" : "ready: {probes: [{http: {port: 8080, path: /}}]}")
      \(more)

      """
    try FileSystem.writeFile(recipe / "recipe.yaml", Array(text.utf8))
    return recipe
  }

  // MARK: Its folder

  /// Thaw's folder as it is seen from this machine, whatever is mounted there in the bed.
  var seenRoot: Path { Path("/proc/\(first)/root\(root)") }

  /// The folder of the only checkpoint.
  func checkpoint() throws -> Path {
    let ids = try names(in: "checkpoints").filter { !$0.hasPrefix(".") }
    #expect(ids.count == 1)
    return root / "checkpoints" / (try #require(ids.first))
  }

  /// Puts Thaw's folder on a file system of so many bytes.
  func mountRoot(size: String) throws {
    try FileSystem.makeDirectory(root)
    let mounted = try run("mount", "-t", "tmpfs", "-o", "size=\(size)", "tmpfs", root.string)
    #expect(mounted.isSuccess, "\(mounted.errorText)")
    mountsBefore = try Self.mounts(of: first)
  }

  /// Fills it to the last byte.
  func fillRoot() throws {
    let filler = try Descriptor.open(seenRoot / "filler", .writeOnly, [.create])
    for size in [1 << 20, 1 << 12, 1] {
      do {
        while true { try filler.writeAll([UInt8](repeating: 1, count: size)) }
      } catch {
        guard error == .noSpace else { throw error }
      }
    }
  }

  func emptyRoot() throws {
    try FileSystem.remove(seenRoot / "filler")
  }

  // MARK: What is left

  /// All of the bed that a command of Thaw could have left behind, in words; empty when all is well.
  func leftovers() throws -> [String] {
    var found = Processes.descendants(of: first).map {
      "process \($0): \(Processes.arguments(of: $0).joined(separator: " "))"
    }
    if try Self.mounts(of: first) != mountsBefore { found.append("a mount") }
    let devices = try FileSystem.readText(Path("/proc/\(first)/net/dev"))
    if devices.contains("thaw") { found.append("a network link") }
    let tables = try run("nft", "list", "tables").text
    if !tables.isEmpty { found.append("rules: \(tables)") }
    let runc = Path("/proc/\(first)/root/run/thaw/runc")
    if FileSystem.exists(runc) {
      found += try FileSystem.list(runc).map { "runc's state of \($0)" }
    }
    return try found + Leftovers.files(below: seenRoot)
  }

  private static func mounts(of pid: Int32) throws -> Int {
    try FileSystem.readText(Path("/proc/\(pid)/mountinfo")).split(separator: "\n").count
  }
}
