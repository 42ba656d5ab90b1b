import Linux
import Synchronization

/// What is told on stderr beside the progress.
extension Output {
  /// Something that is good to know; left out with `--quiet`.
  package func note(_ text: String) {
    guard !isQuiet else { return }
    tell(Note(event: "note", message: text), TextWidth.safeLines(text))
  }

  /// Something that may be wrong.
  package func warning(_ text: String) {
    tell(
      Note(event: "warning", message: text),
      notes.styled("warning:", .bold, .yellow) + " " + TextWidth.safeLines(text))
  }

  /// Why the command failed: what was tried, on what, why it failed; further lines say what to do.
  ///
  /// Phases that still run are marked as failed before it.
  package func error(_ text: String, code: String? = nil) {
    failPhases()
    tell(
      Note(event: "error", message: text, code: code),
      notes.styled("error:", .bold, .red) + " " + TextWidth.safeLines(text))
  }

  func tell(_ note: Note, _ text: String) {
    state.withLock { state in
      clear(&state)
      show(isJSON ? jsonText(note) : text + "\n")
      draw(&state)
    }
  }

  func jsonText(_ event: some Encodable) -> String {
    do { return try JSONLine.text(event) + "\n" } catch {
      // The events are ours and hold no number that JSON has not.
      return #"{"event":"warning","message":"an event could not be written"}"# + "\n"
    }
  }

  /// Writes to stderr.
  ///
  /// Nobody can be told when that fails, and the work is worth more than its description.
  func show(_ text: String) {
    guard !text.isEmpty else { return }
    try? noteStream.writeAll(Array(text.utf8))
  }

  /// A line of JSON on stderr.
  struct Note: Encodable {
    let event: String
    let message: String
    var code: String?
  }
}
