import Linux
import TestBed
import Testing

/// The launcher of the warm tier and a program for it, compiled; how both are started, with the
/// launcher and by `java` alone.
struct LauncherBed {
  /// A folder with the program's classes and `launcher.jar`.
  @TaskLocal static var shared: LauncherBed?

  let folder: Path

  static let isPossible = Machine.has("java", "javac") && Machine.isRoot

  /// This machine's JDK, and those of the tree.
  static let kits: [JDK] = JDK.allCases.filter { $0 == .own || JDK.hasOthers && Machine.canMount }

  private static let flags = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"]

  /// What a recipe gives a JVM that has the launcher.
  private static let opened = [
    "java.lang", "java.util", "java.util.concurrent", "java.net",
  ].map { "--add-opens=java.base/\($0)=ALL-UNNAMED" }

  fileprivate static func compile(into folder: Path) throws {
    let root = Path(#filePath).parent.parent.parent
    let compiled = try Spawn(
      "javac",
      [
        "--release", "11", "-Xlint:all", "-Werror", "-d", folder.string,
        (root / "Tests/Launcher/Sample.java").string,
      ]
    ).run(deadline: .after(.seconds(60)))
    try #require(compiled.isSuccess, "\(compiled.errorText)")
    let bundled = try Spawn(root / "Setup/launcher.sh", [folder.string])
      .run(deadline: .after(.seconds(60)))
    try #require(bundled.isSuccess, "\(bundled.errorText)")
  }

  /// Where a file of the folder is for a JVM.
  private func place(_ name: String = "", for kit: JDK) -> String {
    (kit == .own ? folder.string : "/mnt") + (name.isEmpty ? "" : "/" + name)
  }

  /// A JVM in this folder, and with these variables only.
  private func spawn(_ kit: JDK, _ words: [String], _ variables: [String]) -> Spawn {
    let java = ["env", "-i"] + variables + [kit.java.string] + Self.flags + words
    let change = ["sh", "-c", "cd \"$0\" && exec \"$@\"", place(for: kit)] + java
    guard kit != .own else { return Spawn("sh", Array(change.dropFirst())) }
    let script = """
      mount -t proc proc "$1/proc" && mount -t sysfs sysfs "$1/sys" && mount -t tmpfs tmpfs "$1/tmp" \
      && mount --rbind /dev "$1/dev" && mount --bind "$0" "$1/mnt" && exec chroot "$@"
      """
    let shell = ["--propagation", "private", "sh", "-c", script, folder.string, JDK.tree.string]
    return Spawn("unshare", ["-m"] + shell + change)
  }

  /// What `java` itself does with the program.
  func plain(
    _ kit: JDK, flags: [String] = [], words: [String], variables: [String]
  ) throws -> Finished {
    let words = flags + ["-cp", place(for: kit), "Sample"] + words
    return try spawn(kit, words, variables).run(deadline: .after(.seconds(30)))
  }

  /// Starts the program with the launcher.
  func launch(
    _ kit: JDK, flags: [String] = [], exercise: String = "Sample", fixedWords: [String],
    variables: [String]
  ) throws -> LaunchedJVM {
    let name = "launch-\(UInt32.random(in: 0 ... .max))"
    try FileSystem.makeDirectory(folder / name, mode: 0o700)
    for fifo in ["close", "parked", "main"] {
      try FileSystem.makeFIFO(folder / name / fifo)
    }
    let told = ["-Dthaw.launch=\(place(name, for: kit))", "-Dthaw.exercise=\(exercise)"]
    let path = "\(place(for: kit)):\(place("launcher/launcher.jar", for: kit))"
    let words = flags + Self.opened + told + ["-cp", path, "thaw.Launcher", "Sample"] + fixedWords
    return try LaunchedJVM(
      spawn(kit, words, variables), folder: folder / name, workingDirectory: place(for: kit))
  }
}

/// A JVM with the launcher, which is driven as PID 1 does.
struct LaunchedJVM: ~Copyable {
  let child: Child
  let folder: Path
  private let workingDirectory: String

  fileprivate init(_ spawn: Spawn, folder: Path, workingDirectory: String) throws {
    var spawn = spawn
    let output = try Self.file(folder / "output")
    let errors = try Self.file(folder / "errors")
    spawn.descriptors = [1: output.rawValue, 2: errors.rawValue]
    spawn.newSession = true
    child = try spawn.start()
    self.folder = folder
    self.workingDirectory = workingDirectory
  }

  private static func file(_ path: Path) throws -> Descriptor {
    try .open(path, .writeOnly, [.create, .truncate], mode: 0o600)
  }

  var output: String { text("output") }
  var errors: String { text("errors") }

  private func text(_ name: String) -> String {
    // It was made before the JVM was started; a test that wants something in it fails.
    (try? FileSystem.readText(folder / name)) ?? ""
  }

  /// Opens a FIFO that the launcher waits at.
  private borrowing func open(_ name: String) throws {
    let isOpened = try eventually(within: .seconds(30)) {
      do {
        _ = try Descriptor.open(folder / name, .writeOnly, .nonBlocking)
        return true
      } catch let error as Errno where error.rawValue == 6 {
        // ENXIO: nobody reads it yet.
        try #require(try child.poll() == nil, "it ended: \(errors)")
        return false
      }
    }
    guard isOpened else { throw Errno.timedOut }
  }

  /// Has it close the exercise and park.
  borrowing func park() throws {
    // Opened before, so that the launcher need not wait; closed by its other end when it has told.
    let parked = try Descriptor.open(folder / "parked", .readOnly, .nonBlocking)
    try open("close")
    try #require(
      try parked.poll(for: [], deadline: .after(.seconds(30))), "not parked: \(errors)")
  }

  /// Puts a request into the folder.
  borrowing func ask(words: [String], variables: [String]) throws {
    let counted = [String(words.count)] + words + [String(variables.count)] + variables
    let texts = ["1", workingDirectory] + counted
    try ask(texts.flatMap { Array($0.utf8) + [0] })
  }

  /// Puts these bytes into the folder as a request.
  borrowing func ask(_ bytes: [UInt8]) throws {
    try FileSystem.writeFile(folder / "main.request", bytes)
  }

  /// Lets it run main, and waits for its end.
  borrowing func run() throws -> Linux.ExitStatus {
    try open("main")
    return try end()
  }

  /// Waits for its end.
  borrowing func end() throws -> Linux.ExitStatus {
    if let status = try child.wait(deadline: .after(.seconds(30))) { return status }
    _ = try child.killTree()
    throw Errno.timedOut
  }
}

/// Compiles what ``LauncherBed`` holds, once for a suite.
struct CompiledLauncher: SuiteTrait, TestTrait, TestScoping {
  @concurrent func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    try await withTemporaryDirectory("launcher") { folder in
      try LauncherBed.compile(into: folder)
      try await LauncherBed.$shared.withValue(LauncherBed(folder: folder)) {
        try await function()
      }
    }
  }
}

extension Trait where Self == CompiledLauncher {
  /// The launcher and its program are at hand.
  static var compiledLauncher: CompiledLauncher { CompiledLauncher() }
}
