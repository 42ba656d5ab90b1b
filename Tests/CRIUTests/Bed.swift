import CRIU
import Linux
import Synchronization
import TestBed
import Testing

/// What the tests with a real CRIU stand on.
enum Bed {
  /// Whether a real CRIU can be run: root, its bundle, and mounts of our own.
  static let isReady = Machine.isRoot && Machine.canMount && Machine.bundle != nil
  /// Whether a real JVM can be started from a source file.
  static let hasJava = Machine.has("java", "javac")
  /// Whether `crit` can be run in the tree of test programs.
  static let critTree: Path? = Machine.testTree.flatMap {
    FileSystem.exists($0 / "usr/bin/crit") ? $0 : nil
  }

  /// A client of the bundle's CRIU.
  static var client: Client {
    Client(Machine.bundle.map { Installation(bundle: $0) } ?? Installation(executable: "criu"))
  }

  /// Soon enough for everything that CRIU does here, also on a busy machine.
  static var deadline: Deadline { .after(.seconds(30)) }

  /// Calls a function on a thread that has mounts of its own and an empty `/run`, where CRIU keeps
  /// its cache.
  ///
  /// What the thread starts sees these mounts; they are gone with the last of it.
  static func withMounts<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      do {
        let thread = try NamedThread("criu-test") {
          continuation.resume(
            with: Result {
              try Namespaces.unshare(.mount)
              try Mount.makePrivate()
              try Mount.tmpfs(at: "/run")
              return try body()
            })
        }
        thread.detach()
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  /// The same with an empty folder.
  static func withMountsAndFolder<Value: Sendable>(
    _ body: @escaping @Sendable (Path) throws -> Value
  ) async throws -> Value {
    try await withMounts { try withTemporaryDirectory("criu", body) }
  }

  /// Starts a process that does nothing, in a session of its own.
  static func startSleeper() throws -> Child {
    var spawn = Spawn("sleep", ["1000"])
    spawn.newSession = true
    spawn.workingDirectory = .root
    return try spawn.start()
  }

  /// Options for a dump or restore that has no network and no control groups to care for.
  static func options(_ images: Path, pid: Int32? = nil) -> Options {
    var options = Options(images: images, pid: pid)
    options.networkLock = .skip
    options.cgroupMode = .ignore
    return options
  }

  /// Dumps a sleeper, which ends, into a new folder.
  static func dumpSleeper(into images: Path) throws -> Int32 {
    let sleeper = try startSleeper()
    try FileSystem.makeDirectory(images)
    try client.dump(options(images, pid: sleeper.pid), deadline: deadline)
    _ = try sleeper.wait(deadline: deadline)
    return sleeper.pid
  }

  /// Restores a tree as our child, and takes it over.
  static func restore(
    _ images: Path, deadline: Deadline = Bed.deadline, _ change: (inout Options) -> Void = { _ in }
  ) throws -> Child {
    var options = options(images)
    options.restoresAsSibling = true
    change(&options)
    return try Child(adopting: try client.restore(options, deadline: deadline).pid)
  }

  /// Writes a program in the shell's language that stands in for CRIU.
  static func standIn(_ text: String, in folder: Path) throws -> Client {
    let file = folder / "stand-in"
    try FileSystem.writeFile(
      file, Array("#!/bin/sh\n\(text)\n".utf8), mode: 0o755, durable: false)
    return Client(Installation(executable: file))
  }
}

/// What a handler collects, on whatever thread it is called.
final class Told: Sendable {
  private let list = Mutex<[Notification]>([])

  var all: [Notification] { list.withLock { $0 } }

  func note(_ notification: Notification) { list.withLock { $0.append(notification) } }
}
