import CRIU
import Linux

/// CRIU's own daemon that brings memory in page by page after a restore (`criu lazy-pages`).
///
/// Thaw does not need it; `thaw bench` compares with it. It wants more rights than a thaw has: the capability SYS_PTRACE,
/// and no seccomp that hides `userfaultfd`.
struct LazyPages {
  let installation: Installation
  let images: Path
  /// Where CRIU looks for the daemon's socket.
  let work: Path

  /// Starts the daemon and waits until it listens; it ends by itself when all pages are there.
  ///
  /// PID 1 reaps it as it reaps all that lost their parent.
  func start(deadline: Deadline) throws(InitFailure) {
    let words =
      installation.command + [
        "--no-default-config", "lazy-pages", "--unprivileged", "--images-dir", images.string,
        "--work-dir",
        work.string, "--log-file", "criu-lazy-pages.log", "-v2", "--status-fd", "3",
      ]
    let pipe = try system("making a pipe") { () throws(Errno) in try Pipe() }
    var spawn = Spawn(Path(words[0]), Array(words.dropFirst()))
    spawn.environment["XDG_RUNTIME_DIR"] = CRIUAtHand.runtimeFolder.string
    spawn.descriptors = [3: pipe.writer.rawValue]
    do throws(SpawnError) {
      _ = try spawn.start()
    } catch {
      throw InitFailure(.noCRIU, "\(error)", fix: "")
    }
    let reader = pipe.intoReader()
    let told = try system("waiting for criu lazy-pages") { () throws(Errno) in
      try reader.poll(for: .readable, deadline: deadline) ? try reader.read(upTo: 1) : []
    }
    guard !told.isEmpty else {
      throw InitFailure(.system, "criu lazy-pages did not begin to listen", fix: "")
    }
  }
}
