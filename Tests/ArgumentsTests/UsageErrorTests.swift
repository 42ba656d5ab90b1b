import Arguments
import Testing

@Suite struct UsageErrorTests {
  @Test(arguments: [
    ("run --publsh 1:1 shop", "unknown option '--publsh'", "did you mean '--publish'?"),
    ("run --zebra shop", "unknown option '--zebra'", nil),
    ("run -x shop", "unknown option '-x'", nil),
    ("run -qublish shop", "unknown option '-qublish'", "did you mean '--publish'?"),
    ("run -dx shop", "unknown option '-x'", nil),
    ("ls -josn", "unknown option '-josn'", "did you mean '--json'?"),
    ("--jsn ls", "unknown option '--jsn'", "did you mean '--json'?"),
    ("run -dp", "missing value for '--publish [ADDRESS:][HOST:]PORT'", nil),
    ("run --name --rm shop", "missing value for '--name NAME'", nil),
    ("run --rm=yes shop", "the option '--rm' takes no value, but 'yes' was given", nil),
    (
      "run --within soon shop",
      "the value 'soon' is invalid for '--within DURATION': "
        + "expected a duration such as 500ms, 30s or 2m", nil
    ),
    (
      "run --engine dokcer shop",
      "the value 'dokcer' is invalid for '--engine ENGINE': "
        + "expected one of host, runc, docker, podman", "did you mean 'docker'?"
    ),
    (
      "run --count 65 shop",
      "the value '65' is invalid for '--count NUMBER': expected a whole number from 1 to 64", nil
    ),
    ("run --hot-only --cold shop", "'--hot-only' and '--cold' exclude each other", nil),
    ("run", "missing argument 'CHECKPOINT'", nil),
    ("freeze --name a", "missing argument 'COMMAND'", nil),
    ("freeze java", "missing option '--name NAME'", nil),
    ("ls shop", "unexpected argument 'shop'", nil),
    ("rnu shop", "unknown verb 'rnu'", "did you mean 'run'?"),
    ("help frezee", "unknown verb 'frezee'", "did you mean 'freeze'?"),
    ("zebra", "unknown verb 'zebra'", nil),
    ("--json", "no verb was given", nil),
    (
      "completions tcsh",
      "the value 'tcsh' is invalid for 'SHELL': expected one of bash, zsh, fish", nil
    ),
  ])
  func `a wrong line is told with its cause`(line: String, message: String, hint: String?) {
    let error = #expect(throws: UsageError.self) { try Sample.parsed(line) }
    #expect(error?.message == message)
    #expect(error?.hint == hint)
    #expect(error?.exitCode.code == 64)
  }

  @Test func `the whole text has the error, the hint, the usage and where to find more`() {
    let error = #expect(throws: UsageError.self) { try Sample.parsed("freeze --nam x java") }
    #expect(
      error?.description == """
        error: unknown option '--nam'
        did you mean '--name'?
        Usage: thaw freeze --name NAME [OPTIONS] COMMAND...
        See 'thaw freeze --help' for more.
        """)
    #expect(error?.verb == "freeze")
  }

  @Test func `a bad value in the environment is told as such`() {
    let option = Option("port", .port, environment: "PORT", "A port.")
    let verb = Command("verb", summary: "A verb.", options: [option]) { _ in .success }
    let program = Program("p", version: "1", summary: "S.", groups: [.init("All", [verb])])
    let error = #expect(throws: UsageError.self) {
      try program.parse(["verb"], environment: ["PORT": "x"])
    }
    #expect(
      error?.message
        == "the value 'x' is invalid for 'PORT in the environment': expected a port from 1 to 65535"
    )
  }

  @Test func `hidden options and verbs are not suggested`() {
    let option = #expect(throws: UsageError.self) { try Sample.parsed("run --sed 1 shop") }
    #expect(option?.hint == nil)
    let verb = #expect(throws: UsageError.self) { try Sample.parsed("inti") }
    #expect(verb?.hint == nil)
  }

  @Test func `a command can throw one of its own`() {
    let error = UsageError(.other("there is no server 'x'"), verb: "stop")
    #expect(error.description == "error: there is no server 'x'")
  }
}
