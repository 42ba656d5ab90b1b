import Linux
import Synchronization
import TestBed
import Testing

@testable import Images

@Suite(.enabled(if: Needs.containers, "\(Needs.containersText)"), .timeLimit(.minutes(1)))
struct StopTests {
  @Test func `a container that heeds SIGTERM ends by itself`() async {
    await #expect(processExitsWith: .success) {
      let (status, stopped) = try Stopping.run(
        "trap 'exit 3' TERM; echo ready; sleep 1000 & wait", patience: .seconds(20))
      #expect(status == .exited(3))
      guard case .ended(let time)? = stopped else {
        return #expect(Bool(false), "\(String(describing: stopped))")
      }
      #expect(time < .seconds(20))
    }
  }

  @Test func `a container that does not is killed when the patience is over`() async {
    await #expect(processExitsWith: .success) {
      let (status, stopped) = try Stopping.run(
        "trap '' TERM; echo ready; sleep 1000", patience: .milliseconds(300))
      #expect(status == .signalled(.kill))
      guard case .killed(let time)? = stopped else {
        return #expect(Bool(false), "\(String(describing: stopped))")
      }
      #expect(time >= .milliseconds(300))
    }
  }

  @Test func `waiting for an end gives up at the deadline, and never makes a folder anew`() throws {
    try withTemporaryDirectory { folder in
      let containers = Containers(root: folder)
      let owned = try containers.create(
        ContainerRecord(name: "shop", image: "none", arguments: []))
      let id = owned.id
      #expect(!containers.waitForEnd(of: id, deadline: .after(.milliseconds(20))))
      try owned.remove()
      #expect(containers.waitForEnd(of: id, deadline: .after(.milliseconds(20))))
      #expect(try FileSystem.list(containers.path).filter { $0 == id } == [])
    }
  }
}

/// A container whose monitor is the main thread, told to end by another.
enum Stopping {
  static func run(
    _ script: String, patience: Duration
  ) throws -> (status: Linux.ExitStatus?, stopped: Containers.Stopped?) {
    let box = try Box()
    let containers = Containers(root: box.folder.path)
    var record = ContainerRecord(id: box.id, name: "shop", image: "box", arguments: [script])
    record.state = .running
    let owned = try containers.create(record)
    let pipe = try Pipe()
    let child = try box.runc.start(
      box.spec(script), in: box.bundle, streams: .init(output: pipe.writer.rawValue),
      deadline: .after(.seconds(20)))
    // The trap is set when it has spoken.
    #expect(try pipe.reader.poll(for: .readable, deadline: .after(.seconds(20))))
    let outcome = Outcome()
    let (runc, known) = (box.runc, record)
    let thread = try NamedThread("stop") {
      let stopped = Result { try containers.stop(known, runc: runc, patience: patience) }
      outcome.stopped.withLock { $0 = stopped }
    }
    let status = try child.wait(deadline: .after(.seconds(30)))
    try box.runc.delete(box.id)
    try owned.remove()
    thread.join()
    return (status, try outcome.stopped.withLock { $0 }?.get())
  }

  private final class Outcome: Sendable {
    let stopped = Mutex<Result<Containers.Stopped, any Error>?>(nil)
  }
}
