public import Linux

/// A folder for one test, removed with all that is in it when this value ends.
public struct TemporaryDirectory: ~Copyable, Sendable {
  /// Where it is: absolute, without symbolic links.
  public let path: Path

  /// Makes an empty folder below THAW_TEST_FOLDER, or below the machine's folder for temporary
  /// files.
  public init(_ name: String = "test") throws(Errno) {
    let environment = Spawn.ownEnvironment()
    let base = Path(environment["THAW_TEST_FOLDER"] ?? environment["TMPDIR"] ?? "/tmp")
    while true {
      let candidate = base / "thaw-\(name)-\(Host.processID)-\(UInt32.random(in: 0 ... .max))"
      do {
        try FileSystem.makeDirectory(candidate, mode: 0o755)
      } catch .exists {
        continue
      }
      path = try FileSystem.resolve(candidate)
      return
    }
  }

  deinit {
    // A test that left a mount behind fails by its own checks; what can be removed is removed.
    try? FileSystem.removeTree(path)
  }

  /// A path in the folder.
  public static func / (left: borrowing TemporaryDirectory, right: String) -> Path {
    left.path / right
  }
}

/// Calls a function with an empty folder, which is removed afterwards.
public func withTemporaryDirectory<Result>(
  _ name: String = "test", _ body: (Path) throws -> Result
) throws -> Result {
  let folder = try TemporaryDirectory(name)
  return try body(folder.path)
}

/// Calls a function with an empty folder, which is removed afterwards.
public func withTemporaryDirectory<Result>(
  _ name: String = "test", _ body: (Path) async throws -> Result
) async throws -> Result {
  let folder = try TemporaryDirectory(name)
  return try await body(folder.path)
}
