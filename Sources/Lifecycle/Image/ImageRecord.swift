package import Checkpoint
package import Linux
package import Server

/// What PID 1 of a checkpointed image has to know even where there is no checkpoint to be read: `image.json`.
package struct ImageRecord: Sendable, Codable {
  /// The version of this format.
  package var version = 1
  package var recipe: Recipe
  /// What was frozen.
  package var program: Manifest.Program
  /// The files in the server's data folders, as they were when it was frozen.
  package var data: FileTable
  /// What its main checkpoint is called; nil: as the recipe.
  package var name: String?
  /// How much of a start that saves; nil: its manifest tells.
  package var tier: Manifest.Tier?
  /// The machine that it was frozen on; nil where it is alone.
  package var host: HostFacts?
  /// Other checkpoints of running servers, in the order in which they are preferred; nil: there are none.
  package var variants: [Variant]?

  /// One checkpoint of a running server: what decides whether it is asked for, so that the others need not be opened.
  package struct Variant: Sendable, Codable {
    /// What it is called.
    package var name: String
    /// What was frozen.
    package var program: Manifest.Program
    /// The machine that it was frozen on.
    package var host: HostFacts?
    /// The files in its data folders.
    package var data: FileTable
    /// How it was frozen; nil: by the image's recipe.
    package var recipe: Recipe?
    /// How much of a start it saves; nil: its manifest tells.
    package var tier: Manifest.Tier?
    /// Whether it is the one that the image's settings ask for.
    package var isMain = false

    package init(
      name: String, program: Manifest.Program, host: HostFacts?, data: FileTable, recipe: Recipe?
    ) {
      self.name = name
      self.program = program
      self.host = host
      self.data = data
      self.recipe = recipe
      tier = .hot
    }

    /// Its folder in the image.
    package var home: Path { isMain ? ImageHome.checkpoint : ImageHome.variants / name }
    /// The copies of its data and temporary folders.
    package var seed: Path { isMain ? ImageHome.seed : home / "seed" }
  }

  package init(recipe: Recipe, program: Manifest.Program, data: FileTable) {
    self.recipe = recipe
    self.program = program
    self.data = data
  }

  /// All checkpoints but that before `main`, the image's main one first.
  package var all: [Variant] {
    var main = Variant(
      name: name ?? recipe.name, program: program, host: host, data: data, recipe: nil)
    main.tier = tier
    main.isMain = true
    return [main] + (variants ?? [])
  }

  /// Reads that of the image that this process runs in.
  static func read() throws(InitFailure) -> ImageRecord {
    let fix = "make the image anew with `thaw build`"
    do {
      return try JSONText.decode(
        ImageRecord.self, from: try FileSystem.readFile(ImageHome.record))
    } catch let error as Errno {
      throw InitFailure(.badPlan, "reading \(ImageHome.record): \(error)", fix: fix)
    } catch {
      throw InitFailure(.badPlan, "\(ImageHome.record): \(JSONText.explain(error))", fix: fix)
    }
  }
}
