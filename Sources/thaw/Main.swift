import Arguments
import Glibc
import Linux
import Terminal

/// The command: parses the line, runs the verb, and ends with its exit code.
@main
struct Main {
  static func main() {
    // PID 1 has no /proc at first, so the words come from where the C library got them.
    let words = Array(CommandLineArguments.all.dropFirst())
    // Before the first thread: signals are read, never handled.
    SignalSet([.terminate, .interrupt, .quit, .hangup, .user1, .user2, .pipe]).block()
    exit(run(InitVerb.unscripted(words)))
  }

  private static func run(_ words: [String]) -> Int32 {
    do throws(UsageError) {
      let environment = Spawn.ownEnvironment()
      let surface = Surface(of: .standardOutput, environment: environment)
      let format = HelpFormat(width: min(surface.columns, 100), isBold: surface.isTerminal)
      switch try program.parse(words, environment: environment, format: format) {
      case .show(let text):
        // A reader that has gone wants no more.
        try? BorrowedDescriptor.standardOutput.writeAll(Array(text.utf8))
        return 0
      case .run(let command, let parsed):
        return run(command, parsed)
      }
    } catch {
      try? BorrowedDescriptor.standardError.writeAll(Array("\(error)\n".utf8))
      return error.exitCode.code
    }
  }

  private static func run(_ command: Command, _ parsed: Parsed) -> Int32 {
    do {
      return try command.run(parsed).code
    } catch {
      let failure = Failure(error)
      // Only a verb whose table lacks the options has no way to say how to tell it.
      (try? Globals.output(parsed))?.error(failure.message, code: "\(failure.exitCode.code)")
      return failure.exitCode.code
    }
  }
}
