import Linux
import Synchronization
import Terminal
import Testing

/// Progress on a real pseudo terminal, whose bytes a small terminal of ours takes in.
@Suite(.timeLimit(.minutes(1))) struct ProgressTests {
  final class Bench: Sendable {
    let pair: TerminalPair
    private let time = Mutex(Duration.zero)
    private let bytes = Mutex<[UInt8]>([])

    init(columns: Int = 80, rows: Int = 24) throws {
      pair = try TerminalPair(columns: columns, rows: rows)
    }

    func output(quiet: Bool = false, _ environment: [String: String] = [:]) -> Output {
      let all = ["TERM": "xterm", "LANG": "C.UTF-8"].merging(environment) { $1 }
      return Output(
        quiet: quiet, environment: all, results: pair.stream, notes: pair.stream,
        now: { [self] in time.withLock { $0 } })
    }

    func pass(_ duration: Duration) { time.withLock { $0 += duration } }

    /// What the terminal shows now.
    func screen() throws -> Screen {
      let more = try pair.read()
      return bytes.withLock { bytes in
        bytes += more
        return Screen(bytes)
      }
    }

    /// What the terminal shows when a line holds this text.
    func screen(showing text: String) throws -> Screen {
      let before = bytes.withLock { $0 }
      let more = try pair.read { Screen(before + $0).text.contains(text) }
      return bytes.withLock { bytes in
        bytes += more
        return Screen(bytes)
      }
    }
  }

  @Test func `a running phase is one line, an ended one stays`() throws {
    let bench = try Bench()
    let output = bench.output()
    let warm = output.begin("Warm up", .count(of: 120, "queries"))
    bench.pass(.milliseconds(1240))
    warm.advance(to: 62)
    warm.detail("shop.sql")
    var screen = try bench.screen(showing: "62 of 120")
    #expect(
      screen.text.dropFirst()
        == " Warm up  ━━━━━━━━━━━━────────────   51%  62 of 120 queries  1.2 s  shop.sql")
    #expect(screen.cursor == (1, 0))
    bench.pass(.milliseconds(5560))
    warm.finish()
    screen = try bench.screen()
    #expect(screen.text == "✓ Warm up  62 queries  6.8 s")
    #expect(screen.cursor == (1, 0))
    output.line("shop")
    screen = try bench.screen()
    #expect(screen.text == "✓ Warm up  62 queries  6.8 s\nshop")
    #expect(screen.unknown.isEmpty)
  }

  @Test func `phases that run together stand under each other, other lines go above`() throws {
    let bench = try Bench()
    let output = bench.output()
    let one = output.begin("Read the memory file ahead", .bytes(of: ByteCount(144_000_000)))
    let two = output.begin("Restore")
    one.advance(to: 72_000_000)
    output.note("a note")
    output.line("a result")
    var screen = try bench.screen(showing: "72 of 144 MB")
    var lines = screen.text.split(separator: "\n").map(String.init)
    #expect(lines.count == 4)
    #expect(lines[0] == "a note")
    #expect(lines[1] == "a result")
    #expect(
      lines[2].dropFirst()
        == " Read the memory file ahead  ━━━━━━━━━━╸──────────   50%  72 of 144 MB  0.0 ms")
    #expect(lines[3].dropFirst() == " Restore                     0.0 ms")
    two.fail("the pid 1042 is taken")
    one.finish()
    screen = try bench.screen()
    lines = screen.text.split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "a note", "a result", "✗ Restore  the pid 1042 is taken  0.0 ms",
        "✓ Read the memory file ahead  72 MB  0.0 ms",
      ])
    #expect(screen.unknown.isEmpty)
  }

  @Test(arguments: [20, 30, 40, 60, 80, 200])
  func `lines are never wider than the terminal`(columns: Int) throws {
    let bench = try Bench(columns: columns)
    let output = bench.output()
    let phase = output.begin(
      "A phase with quite a long name", .count(of: 100_000, "statements of the warm-up"))
    phase.advance(to: 99_999)
    phase.detail(String(repeating: "detail ", count: 40))
    let screen = try bench.screen(showing: columns < 60 ? "ms" : "99%")
    #expect(screen.widest < columns)
    // All that can be drawn above stays where it was: only one line is there.
    #expect(screen.text.split(separator: "\n").count == 1)
    phase.finish(String(repeating: "result ", count: 40))
    #expect(try bench.screen().text.hasPrefix("✓ A phase with quite"))
  }

  @Test func `only so many phases are drawn as the terminal has lines`() throws {
    let bench = try Bench(rows: 4)
    let output = bench.output()
    let phases = (1...6).map { output.begin("Phase \($0)") }
    let screen = try bench.screen(showing: "Phase 6")
    let names = screen.text.split(separator: "\n").map { $0.split(separator: " ")[2] }
    #expect(names == ["4", "5", "6"])
    for phase in phases { phase.finish() }
    #expect(try bench.screen().text.split(separator: "\n").count == 6)
  }

  @Test func `ASCII where the locale has no more`() throws {
    let bench = try Bench()
    let output = bench.output(["LANG": "C", "NO_COLOR": "1"])
    let phase = output.begin("Copy", .fraction)
    phase.advance(toFraction: 0.5)
    let screen = try bench.screen(showing: "50%")
    #expect(screen.text.dropFirst() == " Copy  [###########...........]   50%  0.0 ms")
    phase.finish()
    #expect(try bench.screen().text == "+ Copy  0.0 ms")
  }

  @Test func `an error ends what runs, and the terminal is as before`() throws {
    let bench = try Bench()
    let output = bench.output()
    let phase = output.begin("Freeze")
    output.error("CRIU failed\nsee above")
    let screen = try bench.screen()
    #expect(screen.text == "✗ Freeze  0.0 ms\nerror: CRIU failed\nsee above")
    #expect(screen.cursor == (3, 0))
    phase.finish()
    #expect(try bench.screen().text == screen.text)
  }

  @Test func `the line goes on turning while nothing happens`() throws {
    let bench = try Bench()
    let output = bench.output()
    let phase = output.begin("Wait")
    let first = try bench.screen().text.first
    _ = try bench.pair.read { bytes in
      let now = Screen(bytes).text.first
      return now != nil && now != first
    }
    phase.finish()
  }

  @Test func `quiet draws nothing on a terminal either`() throws {
    let bench = try Bench()
    let output = bench.output(quiet: true)
    output.phase("Freeze") { $0.advance(by: 1) }
    #expect(try bench.pair.read().isEmpty)
  }

  @Test func `many threads leave a screen of whole lines`() async throws {
    let bench = try Bench(rows: 60)
    let output = bench.output()
    let reader = Task { try bench.pair.read { Screen($0).text.contains("the end") } }
    await withTaskGroup { group in
      for number in 0..<6 {
        group.addTask {
          for index in 0..<20 {
            output.phase("Phase \(number).\(index)", .count(of: 3, "steps")) { phase in
              for _ in 0..<3 { phase.advance(by: 1) }
              output.line("line \(number).\(index)")
            }
          }
        }
      }
    }
    output.line("the end")
    let screen = Screen(try await reader.value)
    let lines = screen.text.split(separator: "\n")
    #expect(lines.count == 241)
    #expect(
      lines.allSatisfy { $0.hasPrefix("✓ Phase ") || $0.hasPrefix("line ") || $0 == "the end" })
    #expect(screen.unknown.isEmpty)
  }
}
