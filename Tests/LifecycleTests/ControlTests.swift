import Lifecycle
import Linux
import TestBed
import Testing

@Suite("What ends PID 1 from outside", .timeLimit(.minutes(1)))
struct ControlTests {
  @Test
  func `nothing has happened at first`() throws {
    let pipe = try Pipe()
    let control = try Control(leash: pipe.reader.rawValue)
    #expect(try control.ended() == nil)
  }

  @Test
  func `a leash whose other end is closed ends it`() throws {
    let reader = try Pipe().intoReader()
    let control = try Control(leash: reader.rawValue)
    #expect(
      try Descriptor.poll(control.cancel, for: .readable, deadline: .after(.seconds(5))) != [])
    #expect(try control.ended() == "the monitor of this container is gone")
  }

  @Test
  func `a signal ends it and is named`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      SignalSet.forwardable.block()
      let control = try Control(leash: nil)
      Own.raise(.terminate)
      let isTold =
        try Descriptor.poll(control.cancel, for: .readable, deadline: .after(.seconds(5))) != []
      let why = try control.ended()
      Own.exit(isTold && why == "stopped by SIGTERM" ? 7 : 1)
    }
  }
}
