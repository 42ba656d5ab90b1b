package import Linux

/// Why the engine could not do something: an image, a network, a container.
package struct EngineError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of fault it is.
  package enum Code: String, Sendable, Hashable {
    /// The bundle of CRIU, runc, skopeo and umoci is nowhere.
    case noBundle
    /// The bundle's runc is missing, or cannot be started.
    case noRunc
    /// There is no image of that reference.
    case imageNotFound
    /// The image cannot be understood.
    case imageDamaged
    /// The image could not be copied or unpacked.
    case unpackFailed
    /// Another program listens on a port that is to be published.
    case portTaken
    /// A port cannot be understood, as in `-p`.
    case badPort
    /// The container's network could not be made.
    case networkFailed
    /// The container's file system could not be mounted.
    case mountFailed
    /// runc could not start the container.
    case containerFailed
    /// Another container has the name.
    case nameTaken
    /// Not a name that a container may have.
    case badName
    /// No container of that name or id.
    case noSuchContainer
    /// The container's record cannot be read.
    case recordDamaged
    /// The container does not run.
    case notRunning
    /// The container runs.
    case stillRunning
    /// Another server runs on the volume.
    case volumeInUse
    /// A seccomp profile cannot be understood.
    case badProfile
    /// The disk is full.
    case diskFull
    /// It takes root.
    case notRoot
    /// The time for it is over.
    case timedOut
    /// It was cancelled.
    case cancelled
    /// Anything else that the kernel refused.
    case failed
  }

  /// What kind of fault it is.
  package var code: Code
  /// What it was tried on: a reference, a port, a path, a container.
  package var subject: String
  /// What was tried and why it failed.
  package var cause: String
  /// What to do; nil if the cause says it.
  package var fix: String?

  package init(_ code: Code, _ subject: String, _ cause: String, fix: String? = nil) {
    self.code = code
    self.subject = subject
    self.cause = cause
    self.fix = fix
  }

  /// Takes an error of the kernel, met while something was tried on a path.
  ///
  /// A full disk and a missing right become `.diskFull` and `.notRoot`, whatever `code` says.
  package init(
    _ errno: Errno, trying: String, on subject: String, code: Code = .failed, fix: String? = nil
  ) {
    let (code, fix): (Code, String?) =
      switch errno {
      case .noSpace, .quota: (.diskFull, "free space there, or choose another folder with --root")
      case .permission where Host.user != 0, .access where Host.user != 0:
        (.notRoot, "run it as root")
      default: (code, fix)
      }
    self.init(code, subject, "\(trying): \(errno)", fix: fix)
  }

  /// `5432: taken by postgres (pid 812); stop it, or publish another port`.
  package var description: String {
    "\(subject): \(cause)" + (fix.map { "; \($0)" } ?? "")
  }
}

/// Runs calls of the kernel, and turns their error into the engine's.
func attempt<Value: ~Copyable>(
  _ trying: String, on subject: String, code: EngineError.Code = .failed, fix: String? = nil,
  _ body: () throws(Errno) -> Value
) throws(EngineError) -> Value {
  do {
    return try body()
  } catch {
    throw EngineError(error, trying: trying, on: subject, code: code, fix: fix)
  }
}

/// Runs calls of the kernel on a path, and turns their error into the engine's.
func attempt<Value: ~Copyable>(
  _ trying: String, on path: Path, code: EngineError.Code = .failed, fix: String? = nil,
  _ body: () throws(Errno) -> Value
) throws(EngineError) -> Value {
  try attempt(trying, on: path.string, code: code, fix: fix, body)
}
