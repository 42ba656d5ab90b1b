import Linux

/// The built executable, as people run it.
enum Executable {
  /// Beside the test program, where the package manager puts both.
  static let path: Path = {
    // Without /proc no test of this suite could run; the path is then one that is not there.
    let own = (try? FileSystem.readLink("/proc/self/exe")) ?? ""
    return Path(own).parent / "thaw"
  }()

  /// What a run left.
  struct Result {
    let status: Int32
    let output: String
    let errors: String

    /// Its lines on standard output.
    var lines: [String] {
      output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
  }

  /// How it is run with a folder of its own, and nothing of the caller's settings.
  static func spawn(
    _ words: [String], root: Path? = nil, environment: [String: String] = [:]
  ) -> Spawn {
    var spawn = Spawn(path, words)
    spawn.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"]
    // The bundle is looked for where that of the caller is.
    let own = Spawn.ownEnvironment()
    for name in ["THAW_BUNDLE", "THAW_CACHE"] { spawn.environment[name] = own[name] }
    spawn.environment["THAW_ROOT"] = root?.string
    spawn.environment.merge(environment) { $1 }
    return spawn
  }

  /// Runs it to its end.
  static func run(
    _ words: [String], root: Path? = nil, environment: [String: String] = [:]
  ) throws -> Result {
    try result(of: spawn(words, root: root, environment: environment))
  }

  /// Runs what was prepared to its end.
  static func result(of spawn: Spawn) throws -> Result {
    let finished = try spawn.run(deadline: .after(.seconds(30)))
    return Result(
      status: finished.status.shellCode, output: finished.text, errors: finished.errorText)
  }
}
