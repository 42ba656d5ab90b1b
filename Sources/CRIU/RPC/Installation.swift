public import Linux

/// Where a CRIU lies, and how it is started.
public struct Installation: Hashable, Sendable {
  /// The words that start it, before its own arguments.
  public let command: [String]
  /// The program or bundle, for messages.
  public let path: Path

  /// A CRIU in a bundle: the program, its libraries and their loader in one folder, so that it runs
  /// on any Linux.
  ///
  /// The program is `<bundle>/criu/criu`, the rest lies in `<bundle>/criu/lib`.
  public init(bundle: Path) {
    let folder = bundle / "criu"
    path = folder / "criu"
    command = [
      (folder / "lib" / Installation.loader).string, "--library-path", (folder / "lib").string,
      path.string,
    ]
  }

  /// A CRIU that the system's own loader starts.
  public init(executable: Path) {
    path = executable
    command = [executable.string]
  }

  /// Finds a CRIU: that of the bundle that the variable `THAW_BUNDLE` names, or else the system's.
  ///
  /// - Parameter environment: the variables to look at; this process's by default.
  /// - Returns: how to start it; whether it runs, and its version, is not looked at.
  /// - Throws: ``CRIUError`` with `.notFound`; also if `THAW_BUNDLE` is set and there is none.
  public static func locate(
    environment: [String: String]? = nil
  ) throws(CRIUError) -> Installation {
    let environment = environment ?? Spawn.ownEnvironment()
    if let folder = environment["THAW_BUNDLE"], !folder.isEmpty {
      let bundle = Installation(bundle: Path(folder))
      try bundle.check()
      return bundle
    }
    let folders = (environment["PATH"].map { $0 + ":" } ?? "") + "/usr/local/sbin:/usr/sbin:/sbin"
    guard let found = Spawn.find("criu", path: folders) else {
      throw CRIUError(
        .notFound, subject: "looking for CRIU",
        cause: "THAW_BUNDLE is not set, and there is no criu in \(folders)")
    }
    return Installation(executable: found)
  }

  /// Makes sure that the programs are there.
  func check() throws(CRIUError) {
    for file in [command[0], path.string] where !FileSystem.isExecutable(Path(file)) {
      throw CRIUError(
        .notFound, subject: "starting CRIU", cause: "\(file) is no program that may be run")
    }
  }

  private static var loader: String {
    #if arch(arm64)
      "ld-linux-aarch64.so.1"
    #else
      "ld-linux-x86-64.so.2"
    #endif
  }
}
