package import Checkpoint
package import Lifecycle
package import Linux
package import Server

/// Thaw's own engine: checkpoints, images and containers below one folder, run by runc, without a daemon.
package struct Engine: Sendable {
  /// The folder of all state: `/var/lib/thaw` unless told.
  package let root: Path
  /// CRIU, runc and the image tools.
  package let bundle: Bundle
  package let runc: Runc
  package let checkpoints: CheckpointStore
  package let containers: Containers
  package let images: ImageStore
  /// The `thaw` program that becomes PID 1 in containers.
  package let program: Path
  /// How long CRIU may take for a dump or a thaw; nil: as long as the server's memory needs.
  package let criuPatience: TimeSpan?
  /// How much CRIU logs at a thaw; nil: errors only.
  package let criuLog: Int32?

  /// Where state lies unless told.
  package static let standardRoot: Path = "/var/lib/thaw"

  /// Takes a folder and finds the tools; what monitors left that were killed is cleaned up.
  package init(root: Path) throws(EngineError) {
    guard Host.user == 0 else {
      throw EngineError(
        .notRoot, "thaw", "containers are made by root, this is user \(Host.user)",
        fix: "run it as root, for example with sudo")
    }
    self.root = root
    criuLog = try Self.logLevel(Spawn.ownEnvironment()["THAW_CRIU_LOG"])
    criuPatience = try Self.patience(Spawn.ownEnvironment()["THAW_CRIU_TIMEOUT"])
    bundle = try Bundle.locate()
    runc = Runc(bundle: bundle)
    checkpoints = CheckpointStore(root: root)
    containers = Containers(root: root)
    images = ImageStore(root: root, bundle: bundle)
    program = try attempt("finding this program", on: "/proc/self/exe") { () throws(Errno) in
      Path(try FileSystem.readLink("/proc/self/exe"))
    }
    try Self.sweep(containers, checkpoints, runc: runc)
  }
}

extension Engine {
  private static func patience(_ text: String?) throws(EngineError) -> TimeSpan? {
    guard let text, !text.isEmpty else { return nil }
    if let span = TimeSpan(text) { return span }
    throw EngineError(
      .failed, "THAW_CRIU_TIMEOUT", "'\(text)' is no time", fix: "write it as 30s or 2m")
  }

  private static func logLevel(_ text: String?) throws(EngineError) -> Int32? {
    guard let text, !text.isEmpty else { return nil }
    if let level = Int32(text), (1...4).contains(level) { return level }
    throw EngineError(
      .failed, "THAW_CRIU_LOG", "'\(text)' is no level", fix: "write a number from 1 to 4")
  }

  /// Cleans up after commands that were killed: their containers, and the checkpoints that they were making.
  package static func sweep(
    _ containers: Containers, _ checkpoints: CheckpointStore, runc: Runc
  ) throws(EngineError) {
    // First what still writes into a draft.
    try containers.sweep(runc: runc)
    do throws(CheckpointError) {
      try Draft.sweep(checkpoints)
    } catch {
      throw EngineError(.failed, error.subject, error.cause, fix: error.fix)
    }
  }

  /// An image that was unpacked before; nil if there is none of that digest.
  func unpacked(_ digest: String, reference: String) -> UnpackedImage? {
    guard let digest = Digest(digest) else { return nil }
    return UnpackedImage(folder: root / "images" / digest.hexadecimal, reference: reference)
  }
}

extension Engine {
  /// Has a new checkpoint's folder filled, and gives the checkpoint its name, if it gets one; if that fails, nothing is
  /// left of it.
  ///
  /// `fill` gets the folder and tells the manifest.
  func makeCheckpoint(
    named name: String?, _ fill: (Path) throws(EngineFailure) -> Manifest
  ) throws(EngineFailure) -> Checkpoint {
    let draft = try stored { () throws(CheckpointError) in try Draft(in: checkpoints) }
    let manifest: Manifest
    do throws(EngineFailure) {
      manifest = try fill(draft.path)
    } catch {
      draft.discard()
      throw error
    }
    do throws(CheckpointError) {
      guard let name else { return try draft.place(manifest) }
      return try draft.commit(manifest, name: name)
    } catch {
      throw .checkpoint(error)
    }
  }
}

/// What can go wrong in the engine, whichever module says it.
package enum EngineFailure: Error, CustomStringConvertible {
  case engine(EngineError)
  case checkpoint(CheckpointError)
  /// PID 1 of a container could not do what it was asked for.
  case server(InitFailure)
  /// A new checkpoint's first answers do not come sooner than those of the one whose name it was to have.
  case slower(Race.Result)

  package var description: String {
    switch self {
    case .engine(let error): "\(error)"
    case .checkpoint(let error): "\(error)"
    case .server(let error): "\(error)"
    case .slower: "it is not faster than the checkpoint that has the name, which keeps it"
    }
  }
}

/// Lets a typed error of one module out as the engine's.
func engine<Value: ~Copyable>(
  _ body: () throws(EngineError) -> Value
) throws(EngineFailure) -> Value {
  do throws(EngineError) {
    return try body()
  } catch {
    throw .engine(error)
  }
}

/// Lets a typed error of the store out as the engine's.
func stored<Value: ~Copyable>(
  _ body: () throws(CheckpointError) -> Value
) throws(EngineFailure) -> Value {
  do throws(CheckpointError) {
    return try body()
  } catch {
    throw .checkpoint(error)
  }
}
