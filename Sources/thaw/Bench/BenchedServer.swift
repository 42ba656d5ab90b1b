import Images
import Linux
import Server

/// A server that the bench has started through `thaw run`.
struct BenchedServer: ~Copyable {
  private let child: Child
  /// The root of the store that it was started from.
  let root: Path
  /// The container's name.
  let name: String
  private let question: Probe

  init(child: consuming Child, root: Path, name: String, question: Probe) {
    self.child = child
    self.root = root
    self.name = name
    self.question = question
  }

  /// Asks the first-answer probe once more, over a new connection.
  func ask() throws {
    let result = question.check(
      deadline: .after(.seconds(10)), watch: Watch(server: child.pidfd, cancel: nil))
    switch result {
    case .ready: return
    case .notYet(let reason), .failed(let reason):
      throw Failure(Failure.serverFailed, "a started server did not answer: \(reason)")
    }
  }

  /// The memory of everything below PID 1, without PID 1 itself; nil if it is gone.
  func memory() -> ProcessMemory? {
    // A server that has ended has no record.
    guard let pid = (try? Containers(root: root).find(name))?.pid else { return nil }
    var sum = ProcessMemory()
    for one in Processes.descendants(of: pid) {
      // CRIU may just be ending: it has none any more.
      if let more = try? Processes.memory(of: one) { sum = sum + more }
    }
    return sum
  }

  /// Ends it as its recipe says, and waits until nothing of it is left.
  func stop(within patience: Duration) throws {
    try child.signal(.terminate)
    guard try child.wait(deadline: .after(patience + .seconds(10))) == nil else { return }
    _ = try child.killTree()
  }

  /// Ends it without the server's own farewell, and waits until nothing of it is left.
  ///
  /// The first signal is handed to the server, the second one, of another kind, so that the two do not become one, kills it.
  func kill() throws {
    // It may have ended by itself.
    try? child.signal(.terminate)
    try? child.signal(.interrupt)
    if try child.wait(deadline: .after(.seconds(30))) == nil { _ = try child.killTree() }
  }
}
