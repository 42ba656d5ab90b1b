import Checkpoint
import Linux
import Server

/// Has a launcher that waits run its server's `main`, with what is asked for today.
struct Launch: ~Copyable {
  private let door: Descriptor
  private let watch: Inotify

  /// How long a launcher that was thawed may take to begin.
  private static let patience = Duration.seconds(10)

  /// Puts the request where the launcher will look, before it is thawed.
  init(_ plan: InitPlan, _ facts: Manifest.WarmFacts) throws(InitFailure) {
    try system("making room for the launcher") { () throws(Errno) in
      Self.remove()
      try FileSystem.makeDirectory(Launcher.folder, mode: 0o700)
      try FileSystem.makeFIFO(Launcher.main)
      try Parking.give([Launcher.folder, Launcher.main], to: plan)
    }
    try self.init(plan, command: facts.command)
  }

  /// Lets a launcher go on that waits at the FIFO which it was started with.
  init(_ plan: InitPlan, command: [String]) throws(InitFailure) {
    let request = Launcher.request(
      arguments: Array(plan.program.words.dropFirst(command.count)),
      environment: plan.coldEnvironment ?? plan.program.environment,
      workingDirectory: plan.program.workingDirectory)
    try system("asking the launcher for its main") { () throws(Errno) in
      try FileSystem.writeFile(Launcher.request, request, mode: 0o600)
      try Parking.give([Launcher.request], to: plan)
    }
    let watch = try system("watching for the launcher") { () throws(Errno) in
      let watch = try Inotify()
      try watch.watch(Launcher.request, .deleteSelf)
      return watch
    }
    // Whoever opens it for reading finds a writer, as soon as it is there.
    door = try system("opening the launcher's door") { () throws(Errno) in
      try Descriptor.open(Launcher.main, .readWrite, .nonBlocking)
    }
    self.watch = watch
  }

  /// Waits until the launcher has taken the request; why it has not, nil if it has.
  consuming func finish() -> String? {
    defer { Self.remove() }
    do throws(Errno) {
      let epoll = try Epoll()
      try epoll.add(watch.rawValue, .readable, token: 0)
      let ready = try epoll.wait(deadline: .after(Self.patience))
      return ready.isEmpty ? "the launcher did not begin within \(Self.patience)" : nil
    } catch {
      return "waiting for the launcher: \(error)"
    }
  }

  /// Takes it all away.
  static func remove() {
    // What cannot be removed is in memory, and nobody else's.
    try? FileSystem.removeTree(Launcher.folder)
  }
}
