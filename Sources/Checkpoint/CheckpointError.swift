package import Linux

/// What can be wrong with a checkpoint or the store.
package struct CheckpointError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of fault it is.
  package enum Code: String, Sendable, Hashable {
    /// No checkpoint of that name or id.
    case notFound
    /// The manifest or a file of the checkpoint is missing, cut short or changed.
    case damaged
    /// It was written by a later Thaw.
    case tooNew
    /// A server that was thawed from it runs.
    case inUse
    /// Not a name that a checkpoint may have.
    case badName
    /// The disk is full.
    case diskFull
    /// The caller stopped it.
    case cancelled
    /// Anything else that the file system refused.
    case failed
  }

  /// What kind of fault it is.
  package var code: Code
  /// The checkpoint or file.
  package var subject: String
  /// Why.
  package var cause: String
  /// What to do.
  package var fix: String

  package init(_ code: Code, _ subject: String, _ cause: String, fix: String) {
    self.code = code
    self.subject = subject
    self.cause = cause
    self.fix = fix
  }

  /// Takes an error of the file system, met while something was tried on a path.
  package init(_ errno: Errno, trying: String, on path: Path) {
    if errno == .cancelled {
      self.init(.cancelled, path.string, "\(trying): stopped", fix: "")
      return
    }
    let full = errno == .noSpace || errno == .quota
    self.init(
      full ? .diskFull : .failed, path.string, "\(trying): \(errno)",
      fix: full
        ? "free space there, or choose another folder with --root"
        : "look at the folder's rights and its file system")
  }

  package var description: String { "\(subject): \(cause)" + (fix.isEmpty ? "" : "; \(fix)") }
}
