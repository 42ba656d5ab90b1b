import Arguments
import Testing

@Suite struct HelpTests {
  @Test(arguments: ["", "--help", "-h", "help", "--json --help", "--wrong --help"])
  func `the program's help is asked for in many ways`(line: String) throws {
    #expect(try Sample.shown(line) == Sample.program.help())
  }

  @Test(arguments: [
    "run --help", "help run", "run -h", "--help run", "run -d --help shop", "run --wrong --help",
    "run --within soon --help", "run -dh",
  ])
  func `a verb's help is asked for in many ways`(line: String) throws {
    #expect(try Sample.shown(line) == Sample.program.help(of: Sample.Run.command))
  }

  @Test func `the version is one line`() throws {
    #expect(try Sample.shown("--version") == "thaw 1.2.3\n")
  }

  @Test func `the program's help lists verbs under their headings and leaves hidden ones out`() {
    let expected = """
      Start slow servers in milliseconds.

      Servers are frozen once and thawed whenever they are needed.

      Usage: thaw [OPTIONS] VERB [ARGUMENTS]

      Freeze and thaw:
        freeze       Start a server, warm it up and freeze it.
        run          Thaw a checkpoint, or start its server cold.

      Look and clean up:
        ls           List the checkpoints.
        ps           List the running servers.
        stop         Stop servers.

      Help:
        help         Show help for the program or a verb.
        completions  Print the completion script for a shell.

      Options:
            --json      Print JSON lines.
        -q, --quiet     Print names only.
            --root DIR  The folder of checkpoints and servers. (default:
                        /var/lib/thaw; environment: THAW_ROOT)
        -h, --help      Show help for the program or a verb.
            --version   Show the version.

      Environment:
        THAW_ROOT  The default of --root.

      Examples:
        thaw run shop
            Thaws 'shop'.

      Run 'thaw help VERB' for more about a verb.

      """
    #expect(Sample.program.help() == expected)
  }

  @Test func `a verb's help has arguments, options, examples and exit codes`() {
    let expected = """
      Start a server, warm it up and freeze it.

      Usage: thaw freeze --name NAME [OPTIONS] COMMAND...

      Arguments:
        COMMAND  The server's command line.

      Options:
            --name NAME  The checkpoint's name.

      Global options:
            --json      Print JSON lines.
        -q, --quiet     Print names only.
            --root DIR  The folder of checkpoints and servers. (default:
                        /var/lib/thaw; environment: THAW_ROOT)
        -h, --help      Show help for the program or a verb.

      Exit codes:
        0   Success.
        64  The command line was wrong.

      """
    #expect(Sample.program.help(of: Sample.Freeze.command) == expected)
  }

  @Test func `paragraphs are filled, indented lines stay, hidden options are left out`() {
    let help = Sample.program.help(of: Sample.Run.command)
    #expect(
      help.contains(
        """
        Tries the hot tier, then the warm one, then a cold start, and says in one line
        which it took.

          thaw run shop   # stays as it is

        .A paragraph
        """))
    #expect(!help.contains("seed"))
    #expect(help.contains("  other  The server's own status.\n"))
    #expect(help.contains("  3      No such checkpoint.\n"))
  }

  @Test(arguments: [40, 60, 80, 100])
  func `lines are no wider than the terminal`(width: Int) {
    let format = HelpFormat(width: width)
    let texts = [
      Sample.program.help(format), Sample.program.help(of: Sample.Run.command, format),
      Sample.program.help(of: Sample.Freeze.command, format),
    ]
    for line in texts.joined().split(separator: "\n") {
      // Terms and examples are never broken; everything else is.
      #expect(line.count <= width || line.hasPrefix("  "), "\(line)")
      #expect(line.last != " ")
    }
    #expect(texts[0].contains("Start slow servers"))
  }

  @Test func `headings are bold on a terminal only`() {
    let format = HelpFormat(width: 80, isBold: true)
    #expect(Sample.program.help(format).contains("\u{1B}[1mOptions:\u{1B}[0m\n"))
    #expect(Sample.program.help(format).contains("\u{1B}[1mUsage:\u{1B}[0m thaw"))
    #expect(!Sample.program.help().contains("\u{1B}"))
  }
}
