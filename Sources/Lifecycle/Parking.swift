import Checkpoint
import Linux
import Server

/// Brings a server's launcher to where it waits before `main`: the exercise is over and closed.
struct Parking {
  let plan: InitPlan
  let warm: Recipe.Warm

  /// Makes what the launcher needs, before it is started.
  func prepare() throws(InitFailure) {
    try system("making \(Launcher.folder) for the launcher") { () throws(Errno) in
      if FileSystem.exists(Launcher.folder) { try FileSystem.removeTree(Launcher.folder) }
      try FileSystem.makeDirectory(Launcher.folder, mode: 0o700)
      var made = [Launcher.folder, Launcher.close, Launcher.parked, Launcher.main]
      for path in made.dropFirst() { try FileSystem.makeFIFO(path) }
      if case .clojure(_, let text) = warm.exercise {
        let file = Launcher.folder / Recipe.Exercise.fileName
        try FileSystem.writeFile(file, Array(text.utf8), mode: 0o600)
        made.append(file)
      }
      try Self.give(made, to: plan)
    }
  }

  /// Ends the exercise and waits until the launcher waits for its `main`.
  func park(_ server: borrowing Child, cancel: Int32) throws(InitFailure) {
    let ended = try system("waiting for the launcher") { () throws(Errno) in
      let parked = try Descriptor.open(Launcher.parked, .readOnly, .nonBlocking)
      // Both ends, so that it does not wait for the launcher, who may still have to come.
      let closing = try Descriptor.open(Launcher.close, .readWrite, .nonBlocking)
      let epoll = try Epoll()
      try epoll.add(server.pidfd, .readable, token: 0)
      try epoll.add(cancel, .readable, token: 1)
      // Its writer has come and gone.
      try epoll.add(parked.rawValue, [.readable, .hangUp], token: 2)
      let ready = try epoll.wait(deadline: .after(plan.recipe.ready.within.duration))
      _ = consume closing
      return ready.map(\.token).min()
    }
    switch ended {
    case 2: return
    case 1: throw InitFailure(.cancelled, "stopped while the exercise was closed", fix: "")
    case 0:
      throw InitFailure(
        .serverDied, "the launcher ended in the exercise or in closing it",
        fix: "its log is above; mend the exercise under `warm`")
    default:
      throw InitFailure(
        .neverReady, "the exercise was not closed within \(plan.recipe.ready.within)",
        fix: "its log is above; mend the exercise under `warm`")
    }
  }

  /// Makes the server's user the owner of files, where PID 1 is another.
  static func give(_ paths: [Path], to plan: InitPlan) throws(Errno) {
    for path in paths where try FileSystem.status(path).owner != plan.program.user {
      try FileSystem.changeOwner(path, user: plan.program.user, group: plan.program.group)
    }
  }
}
