import Arguments
import Testing

@Suite struct ParsingTests {
  typealias Run = Sample.Run

  @Test(arguments: [
    "run -d -p 5432:5432 shop", "run -dp 5432:5432 shop", "run -dp5432:5432 shop",
    "run -dp=5432:5432 shop", "run --detach --publish 5432:5432 shop",
    "run --publish=5432:5432 -d shop", "run -d --publish=5432:5432 -- shop",
  ])
  func `flags combine and values come in every form`(line: String) throws {
    let parsed = try Sample.parsed(line)
    #expect(try parsed[Run.detach])
    #expect(try parsed[Run.publish] == [PortMapping(hostPort: 5432, containerPort: 5432)])
    #expect(try parsed[Run.checkpoint] == "shop")
    #expect(try parsed[Run.remove] == false)
  }

  @Test func `repeated options keep their order, of single ones the last counts`() throws {
    let parsed = try Sample.parsed("run -e A=1 --name a --env=B=2=3 -e C --name b shop")
    #expect(
      try parsed[Run.variables] == [
        Assignment(name: "A", value: "1"), Assignment(name: "B", value: "2=3"),
        Assignment(name: "C", value: nil),
      ])
    #expect(try parsed[Run.name] == "b")
  }

  @Test func `defaults stand in for options that are not given`() throws {
    let parsed = try Sample.parsed("run shop")
    #expect(try parsed[Run.engine] == .runc)
    #expect(try parsed[Run.within] == .seconds(30))
    #expect(try parsed[Run.name] == nil)
    #expect(try parsed[Run.publish].isEmpty)
    #expect(try parsed[Sample.root] == "/var/lib/thaw")
    #expect(!parsed.isGiven(Run.within))
    #expect(try Sample.parsed("run --within 30s shop").isGiven(Run.within))
  }

  @Test(arguments: [
    ("run shop -d --name x -- y", ["-d", "--name", "x", "--", "y"]),
    ("run -- shop -d", ["-d"]),
    ("run shop", []),
    ("run -d shop --help", ["--help"]),
  ])
  func `all behind the first argument belongs to the server`(
    line: String, words: [String]
  ) throws {
    let parsed = try Sample.parsed(line)
    #expect(try parsed[Run.checkpoint] == "shop")
    #expect(try parsed[Run.words] == words)
    #expect(try parsed[Run.name] == nil)
  }

  @Test func `a server's own command line is taken as it is`() throws {
    let parsed = try Sample.parsed("freeze --name shop -- java -jar shop.jar --name other")
    #expect(try parsed[Sample.Freeze.name] == "shop")
    #expect(try parsed[Sample.Freeze.server] == ["java", "-jar", "shop.jar", "--name", "other"])
    #expect(parsed.words == ["java", "-jar", "shop.jar", "--name", "other"])
  }

  @Test func `options and arguments mix where nothing is passed through`() throws {
    let parsed = try Sample.parsed("stop one --json two -- --three")
    #expect(try parsed[Sample.stopped] == ["one", "two", "--three"])
    #expect(try parsed[Sample.json])
  }

  @Test(arguments: ["--json --root /x ls", "ls --root=/x --json", "--root /y ls --json --root /x"])
  func `global options stand before or behind the verb`(line: String) throws {
    let parsed = try Sample.parsed(line)
    #expect(parsed.verb == "ls")
    #expect(try parsed[Sample.json])
    #expect(try parsed[Sample.root] == "/x")
  }

  @Test func `the environment fills in what is not given, and does not count as given`() throws {
    let environment = ["THAW_ROOT": "/env"]
    let parsed = try Sample.parsed("ls", environment: environment)
    #expect(try parsed[Sample.root] == "/env")
    #expect(!parsed.isGiven(Sample.root))
    let other = try Sample.parsed("ls --root /x", environment: environment)
    #expect(try other[Sample.root] == "/x")
    #expect(try Sample.parsed("ls", environment: ["THAW_ROOT": ""])[Sample.root] == "/var/lib/thaw")
  }

  @Test func `a lone dash and a negative number are values`() throws {
    #expect(try Sample.parsed("run --name - shop")[Run.name] == "-")
    #expect(try Sample.parsed("run --name -5 shop")[Run.name] == "-5")
    #expect(try Sample.parsed("run --name=-x shop")[Run.name] == "-x")
    #expect(try Sample.parsed("run --name= shop")[Run.name] == "")
  }

  @Test func `a verb's own letter hides the global one`() throws {
    let count = Option("queue", short: "q", .number(), default: 0, "A number.")
    let verb = Command("verb", summary: "A verb.", options: [count]) { _ in .success }
    let program = Program(
      "p", version: "1", summary: "S.", options: [Sample.quiet], groups: [.init("All", [verb])])
    guard case .run(_, let parsed) = try program.parse(["verb", "-q", "7", "--quiet"]) else {
      Issue.record("it should run")
      return
    }
    #expect(try parsed[count] == 7)
    #expect(try parsed[Sample.quiet])
    #expect(!program.help(of: verb).contains("-q, --quiet"))
  }

  @Test func `a key that the table does not list throws, it does not trap`() throws {
    let parsed = try Sample.parsed("ls")
    let error = #expect(throws: UsageError.self) { try parsed[Run.detach] }
    #expect(error?.problem == .undeclared("--detach"))
    #expect(error?.exitCode.code == 70)
    #expect(throws: UsageError.self) { try parsed[Run.checkpoint] }
  }

  @Test func `the JSON flag is found even in a line that cannot be parsed`() {
    #expect(Sample.program.mentions(Sample.json, in: ["run", "--wrong", "--json"]))
    #expect(!Sample.program.mentions(Sample.json, in: ["freeze", "--", "--json"]))
  }

  @Test(.timeLimit(.minutes(1)))
  func `any words at all are parsed or refused`() throws {
    let words = [
      "run", "freeze", "stop", "help", "ls", "manual", "completions", "-", "--", "-d", "-dp", "-p",
      "--publish", "--publish=", "--name=x", "--name", "--=", "-=", "--within=1s", "1:1", "shop",
      "", " ", "=", "-é", "--hot-only", "--cold", "--help", "--version", "\u{0}", "-q", "-qq",
    ]
    var random = SplitMix(state: 7)
    var ran = 0
    for _ in 0..<20_000 {
      let line = (0..<Int.random(in: 0...6, using: &random)).map { _ in
        words[Int.random(in: words.indices, using: &random)]
      }
      do throws(UsageError) {
        if case .run(let command, let parsed) = try Sample.program.parse(line) {
          ran += 1
          if command.name == "run" { _ = try parsed[Run.checkpoint] + parsed[Run.words].joined() }
        }
      } catch {
        #expect(error.exitCode == .usage)
        #expect(error.usage.count == 2)
      }
    }
    // Both ways must have been taken, or the test shows nothing.
    #expect(ran > 100)
  }
}

/// A random sequence that is the same in every run.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
