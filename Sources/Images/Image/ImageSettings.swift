import CRIU
import Checkpoint
import Lifecycle
import Linux
import Server

/// What an image with a checkpoint says about running it.
struct ImageSettings {
  let manifest: Manifest
  let recipe: Recipe
  /// The image's name and tag.
  let name: String
  /// The names of its other checkpoints of running servers.
  var variants: [String] = []

  /// Changes the base's settings to those of the server as it was frozen.
  func apply(to image: inout ImageDraft, entryPoint: Path) {
    let program = manifest.program
    image["Entrypoint"] = Self.list([entryPoint.string])
    image["Cmd"] = Self.list(Array(program.words.dropFirst(recipe.server.command.count)))
    image["Env"] = Self.list(
      program.environment.filter { $0.key != "HOME" }.sorted { $0.key < $1.key }.map {
        "\($0.key)=\($0.value)"
      })
    image["User"] = .string("\(program.user):\(program.group)")
    image["WorkingDir"] = .string(program.workingDirectory.string)
    // PID 1 makes of it what the recipe says.
    image["StopSignal"] = .string("SIGTERM")
    image.merge("ExposedPorts", recipe.ports.map { ("\($0.number)/tcp", .object([])) })
    if image["Healthcheck"] == nil, recipe.firstAnswer != nil {
      image["Healthcheck"] = .object([
        .init("Test", Self.list(["CMD", ImageHome.program.string, "init", "--health"])),
        .init("Interval", .number(10_000_000_000)), .init("Timeout", .number(5_000_000_000)),
        .init("StartPeriod", .number(60_000_000_000)),
      ])
    }
    image.merge("Labels", labels.map { ($0.0, .string($0.1)) })
    image.annotate(labels + checkpointAnnotations)
  }

  /// The manifest in a few words.
  private var labels: [(String, String)] {
    [
      ("org.opencontainers.image.title", name),
      ("dev.thaw.server", manifest.server),
      ("dev.thaw.tier", manifest.tier.rawValue),
      ("dev.thaw.created", LogTime.text(of: manifest.created)),
      ("dev.thaw.criu", manifest.criu.version),
      ("dev.thaw.kernel", manifest.host.kernel),
      ("dev.thaw.processor", manifest.host.processor),
      ("dev.thaw.memory.copied", "\(manifest.memory.copied.bytes)"),
      ("dev.thaw.memory.mapped", "\(manifest.memory.file?.pages.bytes ?? 0)"),
    ] + (variants.isEmpty ? [] : [("dev.thaw.variants", variants.joined(separator: ","))])
  }

  /// The annotations that podman and CRI-O give their checkpoints, of those that describe one.
  ///
  /// Not those that name a checkpoint's container: at them CRI-O would take the image for an archive of its own making and
  /// restore it by itself.
  private var checkpointAnnotations: [(String, String)] {
    [
      ("io.podman.annotations.checkpoint.criu.version", manifest.criu.version),
      ("io.podman.annotations.checkpoint.host.arch", manifest.host.architecture),
      ("io.podman.annotations.checkpoint.host.kernel", manifest.host.kernel),
      ("org.criu.checkpoint.engine.name", "thaw"),
    ]
  }

  private static func list(_ words: [String]) -> JSONValue { .array(words.map { .string($0) }) }
}
