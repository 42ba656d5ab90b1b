package import Linux
import Synchronization

/// Where a command writes: results to stdout, everything about the work to stderr.
///
/// Three ways: for people (text, on a terminal with colours and lines that are redrawn), plain
/// (text without them), and JSON (one line a result, and one a progress event). Safe from every
/// thread: lines never mix, and those that are being redrawn make room for others.
package final class Output: Sendable {
  /// Whether results and events are JSON lines.
  package let isJSON: Bool
  /// Whether progress and notes are left out; results, warnings and errors are not.
  package let isQuiet: Bool
  /// What stdout can show.
  package let results: Surface
  /// What stderr can show.
  package let notes: Surface

  let resultStream: BorrowedDescriptor
  let noteStream: BorrowedDescriptor
  let now: @Sendable () -> Duration
  let state = Mutex(State())

  /// What may be touched by one thread at a time.
  struct State: ~Copyable {
    var phases: [PhaseState] = []
    var nextPhase = 0
    /// How many lines above the cursor are redrawn.
    var drawnLines = 0
    var frame = 0
    var isTicking = false
    var failure: Errno?
  }

  /// Decides after the options and the environment how to write.
  ///
  /// The streams stay open and belong to the caller. `now` is a clock that never goes back.
  package init(
    json: Bool = false, quiet: Bool = false, environment: [String: String],
    results: BorrowedDescriptor = .standardOutput, notes: BorrowedDescriptor = .standardError,
    now: @escaping @Sendable () -> Duration = Clock.monotonic
  ) {
    isJSON = json
    isQuiet = quiet
    self.results = Surface(of: results, environment: environment)
    self.notes = Surface(of: notes, environment: environment)
    resultStream = results
    noteStream = notes
    self.now = now
  }

  /// The first error that writing a result met, such as a full disk behind stdout; a command must
  /// not end with success then.
  package var failure: Errno? { state.withLock { $0.failure } }

  /// Writes to stdout as it is, JSON or not: help, logs, a completion script.
  ///
  /// While phases run it must end with a line end, as their lines are drawn below it.
  package func raw(_ text: String) { write(bytes: Array(text.utf8)) }

  /// Writes bytes to stdout as they are.
  package func write(bytes: [UInt8]) {
    state.withLock { state in
      clear(&state)
      send(bytes, &state)
      draw(&state)
    }
  }

  /// Writes a line of text to stdout; nothing with `--json`.
  package func line(_ text: String = "") {
    guard !isJSON else { return }
    raw(text + "\n")
  }

  /// Writes a table to stdout; nothing with `--json`.
  package func table(_ table: Table) {
    guard !isJSON else { return }
    raw(table.lines(on: results).map { $0 + "\n" }.joined())
  }

  /// Writes a value to stdout as a line of JSON; nothing without `--json`.
  package func json(_ value: some Encodable) throws {
    guard isJSON else { return }
    raw(try JSONLine.text(value) + "\n")
  }

  /// Writes a result in the way that was asked for.
  package func result(_ value: some Encodable, _ text: @autoclosure () -> String) throws {
    if isJSON { try json(value) } else { line(text()) }
  }

  private func send(_ bytes: [UInt8], _ state: inout State) {
    guard state.failure == nil, !bytes.isEmpty else { return }
    do throws(Errno) { try resultStream.writeAll(bytes) } catch { state.failure = error }
  }
}
