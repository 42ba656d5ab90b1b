import FoundationEssentials
import Linux

extension ImageStore.Job {
  private static let tag = "image"
  private static let prefix = ".new-"

  /// The manifest that the reference names now: a few kilobytes.
  func manifest() throws(EngineError) -> [UInt8] {
    let unsafe = source.isInLocalRegistry ? ["--tls-verify=false"] : []
    let said = try tool(store.tools.skopeo).run(policy + ["inspect", "--raw"] + unsafe + [name])
    guard said.status.isSuccess else { throw notFound(said.reason) }
    return said.output
  }

  /// Copies the image, unpacks it, and gives it its place in the store.
  func unpack(
    _ manifest: [UInt8], digest: String, into place: Path, _ progress: ImageStore.Progress
  ) throws(EngineError) {
    try attempt("making the folder of images", on: store.images) { () throws(Errno) in
      try FileSystem.makeDirectory(store.images, mode: 0o700, parents: true)
    }
    sweep()
    let draft = store.images / "\(Self.prefix)\(Host.processID)-\(UInt32.random(in: 0 ... .max))"
    try attempt("making a folder", on: draft) { () throws(Errno) in
      try FileSystem.makeDirectory(draft, mode: 0o700)
    }
    do {
      // Free again when this process ends, however it ends: then others sweep the folder away.
      let lock = try attempt("locking", on: draft) { () throws(Errno) in
        guard let lock = try FileLock.tryLock(draft) else { throw .busy }
        return lock
      }
      defer { _ = lock.rawValue }
      try fill(draft, manifest, digest, progress)
      try publish(draft, as: place)
    } catch {
      // The first error is the one to tell.
      try? FileSystem.removeTree(draft)
      throw error
    }
  }

  private func fill(
    _ draft: Path, _ manifest: [UInt8], _ digest: String, _ progress: ImageStore.Progress
  ) throws(EngineError) {
    let layout = ImageLayout(path: draft / "layout")
    // An index of several machines' images: what this one's weighs is not known.
    let size = try ImageLayout.manifest(manifest, subject: Path(name)).size
    progress("Copying \(reference)", 0)
    try copy(to: layout, draft) {
      let fraction = size.map { Double(layout.size()) / Double(max($0, 1)) }
      progress("Copying \(reference)", fraction.map { min(1, $0) })
    }
    let (configuration, layers) = try layout.configuration()
    progress("Unpacking \(reference)", 0)
    try unpack(layout, draft) { done in
      progress("Unpacking \(reference)", Double(max(0, done - 1)) / Double(max(layers, 1)))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let record = UnpackedImage.Record(
      reference: reference, digest: digest, configuration: configuration)
    // Texts and whole numbers only: nothing that JSON cannot hold.
    let bytes = (try? encoder.encode(record)).map(Array.init) ?? []
    try attempt("writing the image", on: draft) { () throws(Errno) in
      try FileSystem.removeTree(layout.path)
      try FileSystem.writeFile(draft / "image.json", bytes)
      // All files of it: after a crash of the machine an image is whole or not there.
      try FileSystem.synchronizeAll(on: draft)
    }
  }

  func copy(
    to layout: ImageLayout, _ draft: Path, _ tick: () -> Void
  ) throws(EngineError) {
    let unsafe = source.isInLocalRegistry ? ["--src-tls-verify=false"] : []
    let said = try tool(store.tools.skopeo, scratch: draft).run(
      policy + ["copy", "--quiet", "--dest-oci-accept-uncompressed-layers"] + unsafe
        + [name, "oci:\(layout.path):\(Self.tag)"]
    ) { _ in tick() }
    guard said.status.isSuccess else { throw failure("skopeo", said) }
  }

  private func unpack(
    _ layout: ImageLayout, _ draft: Path, _ tick: (Int) -> Void
  ) throws(EngineError) {
    let said = try tool(store.tools.umoci, scratch: draft).run(
      ["--verbose", "raw", "unpack", "--image", "\(layout.path):\(Self.tag)"]
        + [(draft / "rootfs").string]
    ) { errors in
      tick(String(decoding: errors, as: UTF8.self).split(separator: "unpack layer").count - 1)
    }
    guard said.status.isSuccess else { throw failure("umoci", said) }
  }

  /// Renames the finished folder; a damaged one that lies there goes, and one that is whole by now
  /// is as good.
  private func publish(_ draft: Path, as place: Path) throws(EngineError) {
    try attempt("putting the image in its place", on: place) { () throws(Errno) in
      if FileSystem.exists(place), UnpackedImage(folder: place, reference: reference) == nil {
        try FileSystem.removeTree(place)
      }
      do throws(Errno) {
        try FileSystem.rename(draft, to: place)
        try FileSystem.synchronize(store.images)
      } catch .notEmpty {
        try FileSystem.removeTree(draft)
      } catch .exists {
        try FileSystem.removeTree(draft)
      }
    }
  }

  /// Removes what others left who were killed.
  private func sweep() {
    Abandoned.remove(in: store.images, prefix: Self.prefix)
  }

  private func tool(_ program: Path, scratch: Path? = nil) -> ImageTool {
    ImageTool(program: program, deadline: deadline, cancel: cancel, scratch: scratch)
  }

  /// skopeo refuses to work without a policy; where the machine has one, it holds.
  private var policy: [String] {
    let home = Spawn.ownEnvironment()["HOME"] ?? "/root"
    let files = [Path("/etc"), Path(home) / ".config"].map { $0 / "containers/policy.json" }
    return files.contains(where: FileSystem.exists) ? [] : ["--insecure-policy"]
  }

  private func notFound(_ reason: String) -> EngineError {
    let needsLogin = ["unauthorized", "authentication required", "denied"].contains {
      reason.contains($0)
    }
    return EngineError(
      .imageNotFound, reference, reason,
      fix: needsLogin
        ? "log in first: skopeo login, docker login or podman login"
        : "check the name; oci:, docker://, docker-daemon: and others say where an image is")
  }

  private func failure(_ program: String, _ said: ImageTool.Said) -> EngineError {
    let text = String(decoding: said.errors, as: UTF8.self)
    guard !text.contains("no space left on device") else {
      return EngineError(
        .diskFull, store.images.string, "\(program): no space left on device",
        fix: "free space there, or choose another folder with --root")
    }
    return EngineError(
      .unpackFailed, reference, "\(program): \(said.reason)", fix: "copy or build the image anew")
  }
}
