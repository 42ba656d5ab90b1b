import Linux

/// Programs that the completion scripts and man pages are tried with.
enum Tool {
  static func isInstalled(_ name: String) -> Bool {
    Spawn.find(name, path: Spawn.ownEnvironment()["PATH"]) != nil
  }

  /// Runs a program to its end in a clean environment.
  static func run(
    _ name: String, _ arguments: [String], in folder: Scratch,
    environment: [String: String] = [:]
  ) throws -> Finished {
    var spawn = Spawn(Path(name), arguments)
    spawn.environment = [
      "PATH": "\(folder.path.string):/usr/local/bin:/usr/bin:/bin", "HOME": folder.path.string,
      "TMPDIR": folder.path.string, "LC_ALL": "C.UTF-8", "TERM": "xterm",
    ].merging(environment) { $1 }
    spawn.workingDirectory = folder.path
    return try spawn.run(deadline: .after(.seconds(50)))
  }
}

/// A folder of a test, removed with it.
final class Scratch: Sendable {
  let path: Path

  init() throws {
    var random = SystemRandomNumberGenerator()
    let number = UInt64.random(in: 0...UInt64.max, using: &random)
    path = Path("/tmp/thaw-arguments-\(String(number, radix: 36))")
    try FileSystem.makeDirectory(path, mode: 0o700, parents: false)
  }

  deinit {
    // Nothing can be told from here; a folder in /tmp that is left does no harm.
    try? FileSystem.removeTree(path)
  }

  func write(_ name: String, _ text: String, mode: FileMode = 0o600) throws {
    try FileSystem.writeFile(path / name, Array(text.utf8), mode: mode, durable: false)
  }

  func read(_ name: String) throws -> String { try FileSystem.readText(path / name) }

  /// Puts a `thaw` here that knows some names, and writes down what it was asked for.
  func addFakeProgram() throws {
    try write(
      "thaw",
      """
      #!/bin/sh
      echo "$@" >> "\(path.string)/asked"
      case "$*" in
        *'ls --quiet') printf '%s\\n' shop xtdb:criu-checkpoint xtdb:latest ;;
        *'ps --quiet') printf '%s\\n' red_bird ;;
        *) echo 'error: what?' >&2; echo wrong; exit 64 ;;
      esac
      """, mode: 0o700)
  }
}

extension Finished {
  /// The lines of the output, sorted.
  var sortedLines: [String] {
    text.split(separator: "\n").map(String.init).sorted()
  }
}
