import Linux
import TestBed
import Testing

/// What these tests need.
enum Needs {
  /// The program under test: THAW_EXECUTABLE, or what `make build` made.
  static let executable: Path? = {
    let told = Spawn.ownEnvironment()["THAW_EXECUTABLE"].map { Path($0) }
    // Not there: the tests are skipped.
    return try? FileSystem.resolve(told ?? ".build/release/thaw")
  }()

  /// Whether servers can be frozen and thawed here.
  static let engine =
    executable != nil && Machine.isRoot && Machine.canMount && Machine.bundle != nil
    && Machine.has("ip", "nft", "perl", "unshare", "nsenter")

  /// Whether JVMs can be frozen before their main.
  static let hasLauncher =
    Machine.bundle.map { FileSystem.exists($0 / "launcher/launcher.jar") } ?? false

  /// Whether the program is static: only then it can be PID 1 in an image that is not this machine's.
  static let isStatic: Bool = {
    guard let executable, let bytes = try? FileSystem.readFile(executable) else { return false }
    let loader = Array("/lib64/ld-linux-x86-64.so.2\0".utf8)
    // The loader's path is in the first page of a program that needs one.
    let head = Array(bytes.prefix(4096))
    return !head.indices.contains { head[$0...].starts(with: loader) }
  }()
}

extension Trait where Self == ConditionTrait {
  /// Skips where no server can be frozen.
  static var engine: Self {
    .enabled(
      if: Needs.engine,
      "needs the executable (make build), root, the bundle (Setup/bundle.sh), ip, nft and perl")
  }

  /// Skips where there is no launcher for warm starts.
  static var launcher: Self {
    .enabled(if: Needs.hasLauncher, "needs the launcher in the bundle: make build")
  }

  /// Skips where the program cannot be PID 1 of an image.
  static var staticExecutable: Self {
    .enabled(if: Needs.isStatic, "needs the static executable: make build")
  }
}
