import CRIU
import Checkpoint
import Linux

/// An image in the making: the OCI layout of a base, to which layers and settings are added.
struct ImageDraft {
  /// The layout's folder, with one image, named ``tag``.
  let layout: Path
  private var manifest: JSONValue
  private var configuration: JSONValue
  private let base: String

  /// What the image is called in its layout.
  static let tag = "image"

  /// Takes a layout that holds one image.
  init(layout: Path) throws(EngineError) {
    self.layout = layout
    let index = try Self.json(layout / "index.json")
    guard let digest = index["manifests"]?.array?.first?["digest"]?.string else {
      throw Self.damaged(layout, "no image in it")
    }
    base = digest
    manifest = try Self.json(Self.blob(layout, digest))
    guard let config = manifest["config"]?["digest"]?.string else {
      throw Self.damaged(layout, "no configuration in it")
    }
    configuration = try Self.json(Self.blob(layout, config))
  }

  /// A setting of the image's `config`, such as `Entrypoint`; nil removes it.
  subscript(_ name: String) -> JSONValue? {
    get { configuration["config"]?[name] }
    set {
      let config = (configuration["config"] ?? .object([])).setting(name, to: newValue)
      configuration = configuration.setting("config", to: config)
    }
  }

  /// The folders that engines mount a volume on where the user gives none.
  var volumes: [Path] {
    guard case .object(let members) = self["Volumes"] else { return [] }
    return members.map { Path($0.name) }
  }

  /// Adds to an object of the image's `config`, such as `Labels`.
  mutating func merge(_ name: String, _ members: [(String, JSONValue)]) {
    self[name] = members.reduce(self[name] ?? .object([])) { $0.setting($1.0, to: $1.1) }
  }

  /// Sets annotations of the manifest.
  mutating func annotate(_ annotations: [(String, String)]) {
    let all = annotations.reduce(manifest["annotations"] ?? .object([])) {
      $0.setting($1.0, to: .string($1.1))
    }
    manifest = manifest.setting("annotations", to: all)
  }

  /// Adds a layer on top, whose file becomes one of the layout's blobs.
  mutating func add(
    _ layer: LayerArchive.Layer, at file: Path, madeBy text: String, created: String
  ) throws(EngineError) {
    try attempt("adding a layer", on: file) { () throws(Errno) in
      try FileSystem.rename(file, to: Self.blob(layout, layer.digest.description))
    }
    let entry = JSONValue.object([
      .init("mediaType", .string("application/vnd.oci.image.layer.v1.tar+zstd")),
      .init("digest", .string(layer.digest.description)),
      .init("size", .number(Int128(layer.size))),
    ])
    manifest = manifest.setting("layers", to: .array((manifest["layers"]?.array ?? []) + [entry]))
    let system = configuration["rootfs"] ?? .object([.init("type", .string("layers"))])
    configuration = configuration.setting(
      "rootfs",
      to: system.setting(
        "diff_ids",
        to: .array(
          (system["diff_ids"]?.array ?? []) + [.string(layer.content.description)])))
    let history = JSONValue.object([
      .init("created", .string(created)), .init("created_by", .string(text)),
    ])
    configuration = configuration.setting(
      "history", to: .array((configuration["history"]?.array ?? []) + [history]))
  }

  /// Writes configuration, manifest and index; the base's own are gone then.
  ///
  /// The result is the image's digest.
  mutating func finish(created: String) throws(EngineError) -> Digest {
    let old = [base, manifest["config"]?["digest"]?.string ?? ""]
    configuration = configuration.setting("created", to: .string(created))
    let config = try write(configuration)
    manifest = manifest.setting(
      "config",
      to: .object([
        .init("mediaType", .string("application/vnd.oci.image.config.v1+json")),
        .init("digest", .string(config.digest.description)),
        .init("size", .number(Int128(config.size))),
      ]))
    let written = try write(manifest)
    let entry = JSONValue.object([
      .init("mediaType", .string("application/vnd.oci.image.manifest.v1+json")),
      .init("digest", .string(written.digest.description)),
      .init("size", .number(Int128(written.size))),
      .init(
        "annotations",
        .object([.init("org.opencontainers.image.ref.name", .string(Self.tag))])),
    ])
    let index = JSONValue.object([
      .init("schemaVersion", .number(2)), .init("manifests", .array([entry])),
    ])
    try attempt("writing the image", on: layout) { () throws(Errno) in
      try FileSystem.writeFile(layout / "index.json", Array(index.text().utf8))
      for digest in old where digest != config.digest.description {
        // One that both images share by chance is there no more than once.
        try? FileSystem.remove(Self.blob(layout, digest))
      }
    }
    return written.digest
  }

  /// Writes a finished layout as one file that `docker load`, `podman load` and `ctr image import` read: the layout with
  /// the list of names that Docker looks for.
  static func archive(_ layout: Path, as name: String, at file: Path) throws(Errno) {
    var archive = try LayerArchive(at: file, level: 1)
    let attributes = LayerArchive.Attributes(mode: 0o644, modified: Timestamp(seconds: 0))
    let blobs = "blobs/sha256/"
    guard let index = JSONValue(parsing: try FileSystem.readText(layout / "index.json")),
      let entry = index["manifests"]?.array?.first, let digest = entry["digest"]?.string,
      let manifest = JSONValue(parsing: try FileSystem.readText(blob(layout, digest)))
    else { throw .invalid }
    let inside = { (digest: JSONValue?) in blobs + digits(digest?.string ?? "") }
    let config = inside(manifest["config"]?["digest"])
    let layers: [JSONValue] = (manifest["layers"]?.array ?? []).map {
      .string(inside($0["digest"]))
    }
    let list = JSONValue.array([
      .object([
        .init("Config", .string(config)), .init("RepoTags", .array([.string(name)])),
        .init("Layers", .array(layers)),
      ])
    ])
    let named = entry.setting(
      "annotations",
      to: .object([.init("org.opencontainers.image.ref.name", .string(name))]))
    let names = index.setting("manifests", to: .array([named]))
    try archive.add(file: "manifest.json", Array(list.text().utf8), attributes)
    try archive.add(file: "index.json", Array(names.text().utf8), attributes)
    try archive.add(file: "oci-layout", from: layout / "oci-layout", attributes)
    for name in try FileSystem.list(layout / blobs) {
      try archive.add(file: blobs + name, from: layout / blobs / name, attributes)
    }
    _ = try archive.finish()
  }

  private func write(_ value: JSONValue) throws(EngineError) -> (digest: Digest, size: Int) {
    let bytes = Array(value.text().utf8)
    let digest = Digest(of: bytes)
    try attempt("writing the image", on: layout) { () throws(Errno) in
      try FileSystem.writeFile(Self.blob(layout, digest.description), bytes)
    }
    return (digest, bytes.count)
  }

  private static func blob(_ layout: Path, _ digest: String) -> Path {
    layout / "blobs/sha256" / digits(digest)
  }

  /// What follows the name of the algorithm.
  private static func digits(_ digest: String) -> String {
    String(digest.drop { $0 != ":" }.dropFirst())
  }

  private static func json(_ file: Path) throws(EngineError) -> JSONValue {
    let text = try attempt("reading the image", on: file, code: .imageDamaged) {
      () throws(Errno) in try FileSystem.readText(file)
    }
    guard let value = JSONValue(parsing: text) else { throw damaged(file, "no JSON") }
    return value
  }

  private static func damaged(_ path: Path, _ cause: String) -> EngineError {
    EngineError(.imageDamaged, path.string, cause, fix: "copy or build the image anew")
  }
}
