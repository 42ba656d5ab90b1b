import Linux

/// A container's root file system, mounted where nobody but runc sees it.
///
/// The calling thread gets a mount namespace for as long as a function runs, and the container
/// keeps a copy of it: neither the host nor the monitor ever has the mount, and it goes with the
/// container's last process.
enum RootMount {
  /// Mounts a container's overlay and calls a function that starts runc.
  ///
  /// - Parameters:
  ///   - spec: tells the layers.
  ///   - target: an empty folder.
  ///   - body: starts runc.
  /// - Returns: what the function returns.
  /// - Throws: `.mountFailed`, or what the function throws.
  static func with<Value: ~Copyable>(
    _ spec: ContainerSpec, at target: Path, _ body: () throws(EngineError) -> Value
  ) throws(EngineError) -> Value {
    try attempt("copying the root folder's mode", on: spec.upper, code: .mountFailed) {
      () throws(Errno) in try copyMode(to: spec.upper, of: spec.layers)
    }
    let home = try attempt("reading the mount namespace", on: "/proc") {
      () throws(Errno) in try Descriptor.open("/proc/thread-self/ns/mnt", .readOnly)
    }
    let folder = try attempt("opening the working folder", on: ".") { () throws(Errno) in
      try Descriptor.open(".", .pathOnly, .directory)
    }
    try attempt("making a mount namespace", on: spec.id, code: .mountFailed) {
      () throws(Errno) in try Namespaces.unshare(.mount)
    }
    let result: Result<Void, EngineError>
    var value: Value?
    do {
      try mount(spec, at: target)
      value = try body()
      result = .success(())
    } catch {
      result = .failure(error)
    }
    // Back in any case: this thread must see the host's mounts again.
    try attempt("going back to the host's mounts", on: spec.id, code: .mountFailed) {
      () throws(Errno) in
      try Namespaces.enter(home, .mount)
      try FileSystem.changeDirectory(to: folder)
    }
    try result.get()
    guard let value = value.take() else {
      throw EngineError(.mountFailed, spec.id, "nothing was started")
    }
    return value
  }

  private static func mount(_ spec: ContainerSpec, at target: Path) throws(EngineError) {
    try attempt("mounting the root file system", on: target, code: .mountFailed) {
      () throws(Errno) in try Mount.makePrivate(.root)
    }
    do {
      // Plain layers only, which can be merged: nothing in them says that a name or content lies elsewhere.
      try Mount.overlay(
        lower: spec.layers, upper: spec.upper, work: spec.work, at: target,
        options: ["redirect_dir=off", "metacopy=off", "index=off"])
    } catch {
      throw EngineError(
        error, trying: "mounting the root file system", on: target.string, code: .mountFailed,
        fix: "Thaw's folder must lie on a file system that can hold an overlay's upper layer, such "
          + "as ext4 or xfs, and its path must have no comma or colon: choose another with --root")
    }
  }

  /// The root of an overlay has the mode and owner of its upper layer: they must be those of the
  /// image.
  private static func copyMode(to upper: Path, of layers: [Path]) throws(Errno) {
    guard let top = layers.first else { return }
    let wanted = try FileSystem.status(top)
    let found = try FileSystem.status(upper)
    if found.owner != wanted.owner || found.group != wanted.group {
      try FileSystem.changeOwner(upper, user: wanted.owner, group: wanted.group)
    }
    if found.mode != wanted.mode { try FileSystem.changeMode(upper, wanted.mode) }
  }
}
