import Checkpoint
import Lifecycle
import Linux
import Server
import Testing

@Suite("What PID 1 and its engine tell each other")
struct InitEventTests {
  @Test(arguments: [
    (InitEvent.started(pid: 1001), #"{"started":{"pid":1001}}"#),
    (
      .waiting(probe: "tcp://127.0.0.1:1", reason: nil),
      #"{"waiting":{"probe":"tcp://127.0.0.1:1"}}"#
    ),
    (.thawed(milliseconds: 12.5), #"{"thawed":{"milliseconds":12.5,"phases":[],"tier":"hot"}}"#),
    (
      .thawed(milliseconds: 12.5, phases: [ThawPhase("CRIU", endsAfter: 12.25)]),
      #"{"thawed":{"milliseconds":12.5,"phases":[{"milliseconds":12.25,"name":"CRIU"}],"tier":"hot"}}"#
    ),
    (.cold(reason: "no CRIU"), #"{"cold":{"reason":"no CRIU"}}"#),
    (.dumping, #"{"dumping":{}}"#),
    (
      .failed(InitFailure(.neverReady, "a", fix: "b")),
      #"{"failed":{"_0":{"code":"neverReady","fix":"b","message":"a"}}}"#
    ),
  ])
  func `an event is one line of JSON`(_ event: InitEvent, _ line: String) throws {
    let bytes = try JSONText.line(event)
    #expect(String(decoding: bytes, as: UTF8.self) == line)
    #expect(try JSONText.decode(InitEvent.self, from: bytes) == event)
  }

  @Test
  func `a plan is read as it was written`() throws {
    let recipe = Recipe(
      name: "shop", command: ["java"], ready: [try Probe(url: "tcp://127.0.0.1:80")])
    var plan = InitPlan(
      task: .start, recipe: recipe,
      program: Manifest.Program(
        words: ["java"], environment: ["A": "b"], workingDirectory: "/", user: 1, group: 2))
    plan.coldBecause = "it was asked for"
    plan.foreignVolumes = ["/data"]
    let read = try JSONText.decode(InitPlan.self, from: try JSONText.encode(plan))
    #expect(read.recipe == plan.recipe)
    #expect(read.program == plan.program)
    #expect(read.coldBecause == plan.coldBecause)
    #expect(read.foreignVolumes == plan.foreignVolumes)
  }

  @Test
  func `events go to the descriptor that was given, each with a line feed`() throws {
    let pipe = try Pipe()
    EventChannel(pipe.writer.rawValue).tell(.dumping)
    #expect(try pipe.reader.read(upTo: 100) == Array("{\"dumping\":{}}\n".utf8))
    EventChannel(nil).tell(.dumping)
  }
}
