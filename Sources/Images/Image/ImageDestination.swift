import Linux

/// Where a finished image goes.
package enum ImageDestination: Hashable, Sendable, CustomStringConvertible {
  /// A daemon or a local store, by its own command: `docker load`, `podman load`.
  case engine(Program)
  /// Anything that skopeo writes, with its transport.
  case remote(String)

  /// The commands that load images.
  package enum Program: String, Sendable, CaseIterable {
    case docker
    case podman

    /// Where it is; nil if it is not installed.
    var path: Path? { Spawn.find(rawValue, path: Spawn.ownEnvironment()["PATH"]) }
  }

  /// Reads `docker`, `podman`, or a transport with what it wants, such as `oci:/folder:tag`.
  ///
  /// - Throws: `.imageNotFound` for anything else.
  package init(_ text: String) throws(EngineError) {
    if let program = Program(rawValue: text) {
      self = .engine(program)
    } else if ImageReference.transports.contains(where: text.hasPrefix) {
      self = .remote(text)
    } else {
      throw EngineError(
        .imageNotFound, text, "not a place for images",
        fix: "write docker, podman, oci:FOLDER:TAG, oci-archive:FILE or docker://REGISTRY/NAME:TAG")
    }
  }

  /// The first of docker and podman that answers on this machine.
  ///
  /// - Throws: `.imageNotFound` if none does.
  package static func local() throws(EngineError) -> ImageDestination {
    for program in Program.allCases {
      guard let path = program.path else { continue }
      let tool = ImageTool(program: path, deadline: .after(.seconds(20)))
      if try tool.run(["version"]).status.isSuccess { return .engine(program) }
    }
    throw EngineError(
      .imageNotFound, "docker, podman", "neither answers on this machine",
      fix: "start one, or say where the image goes: --to oci:FOLDER, oci-archive:FILE, docker://…")
  }

  package var description: String {
    switch self {
    case .engine(let program): program.rawValue
    case .remote(let text): text
    }
  }

  /// Brings an image there, under a name; only a whole image ever gets it.
  ///
  /// - Parameters:
  ///   - layout: an OCI layout that holds it.
  ///   - name: the name and tag, for engines.
  ///   - tools: skopeo.
  ///   - scratch: a folder for large files.
  ///   - cancel: a descriptor that becomes readable when it is to end.
  /// - Throws: `.failed` with what skopeo or the engine said; `.cancelled`.
  func deliver(
    _ layout: Path, as name: String, _ tools: Bundle, scratch: Path, cancel: Int32?
  ) throws(EngineError) {
    let source = "oci:\(layout):\(ImageDraft.tag)"
    switch self {
    case .remote(let text):
      try Self.copy(source, to: text, tools, scratch: scratch, cancel: cancel)
    case .engine(let program):
      guard let path = program.path else {
        throw EngineError(
          .imageNotFound, program.rawValue, "there is no such command", fix: "install it")
      }
      let archive = scratch / "image.tar.zst"
      do {
        try ImageDraft.archive(layout, as: name, at: archive)
      } catch {
        throw EngineError(error, trying: "writing the image's archive", on: archive.string)
      }
      let tool = ImageTool(
        program: path, deadline: .never, cancel: cancel, scratch: scratch)
      let said = try tool.run(["load", "--quiet", "--input", archive.string])
      guard said.status.isSuccess else {
        throw EngineError(
          .failed, name, "\(program.rawValue) load: \(said.reason)",
          fix: "look whether \(program.rawValue) runs and has room")
      }
    }
  }

  private static func copy(
    _ source: String, to target: String, _ tools: Bundle, scratch: Path, cancel: Int32?
  ) throws(EngineError) {
    let tool = ImageTool(
      program: tools.skopeo, deadline: .never, cancel: cancel, scratch: scratch)
    let isLocal = ImageReference.remote(target).isInLocalRegistry
    let unsafe = isLocal ? ["--dest-tls-verify=false"] : []
    let said = try tool.run(
      ["--insecure-policy", "copy", "--quiet", "--preserve-digests=\(target.hasPrefix("oci"))"]
        + unsafe + [source, target])
    guard !said.status.isSuccess else { return }
    throw EngineError(
      .failed, target, "skopeo: \(said.reason)",
      fix: "look at the name, at the room there, and whether it takes a login")
  }
}
