package import CRIU
package import Linux

/// What can go wrong when memory is laid out, written or read.
package struct MemoryError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of fault it is.
  package enum Code: String, Sendable, Hashable {
    /// An image is missing, damaged, or of a form that cannot be rewritten.
    case damaged
    /// The disk is full.
    case diskFull
    /// Anything else that the file system refused.
    case failed
  }

  /// What kind of fault it is.
  package var code: Code
  /// The file or process.
  package var subject: String
  /// Why.
  package var cause: String

  package init(_ code: Code, _ subject: String, _ cause: String) {
    self.code = code
    self.subject = subject
    self.cause = cause
  }

  /// Takes an error of the kernel, met while something was tried on a path.
  package init(_ errno: Errno, trying: String, on path: Path) {
    let isFull = errno == .noSpace || errno == .quota
    self.init(isFull ? .diskFull : .failed, path.string, "\(trying): \(errno)")
  }

  /// Takes an error of the image reader.
  package init(_ error: CRIUError) {
    self.init(.damaged, "images", "\(error)")
  }

  package var description: String { "\(subject): \(cause)" }
}

/// Runs calls of the file system and says, if they fail, what was tried on what.
func attempt<Value: ~Copyable>(
  _ what: String, on path: Path, _ body: () throws(Errno) -> Value
) throws(MemoryError) -> Value {
  do throws(Errno) {
    return try body()
  } catch {
    throw MemoryError(error, trying: what, on: path)
  }
}

/// Lets an error of the image reader out as one of this module.
func images<Value>(_ body: () throws(CRIUError) -> Value) throws(MemoryError) -> Value {
  do throws(CRIUError) {
    return try body()
  } catch {
    throw MemoryError(error)
  }
}
