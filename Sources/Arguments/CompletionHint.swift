/// What a shell may offer for a value.
package enum CompletionHint: Hashable, Sendable {
  /// Nothing useful can be offered: a number, a duration, free text.
  case nothing
  /// Files and folders.
  case file
  /// Folders only.
  case directory
  /// A program in `PATH`, or a file.
  case program
  /// One of these words.
  case choices([String])
  /// The lines that the program itself prints for these words, such as `ls --quiet`.
  ///
  /// The completion scripts run the program with the `--root` that was typed, if any, and without
  /// errors.
  case names([String])
}
