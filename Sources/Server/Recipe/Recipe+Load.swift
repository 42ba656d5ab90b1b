package import Linux

extension Recipe {
  /// The file that a recipe's folder must hold.
  package static let fileName = "recipe.yaml"

  /// Reads a recipe and the files that it names.
  ///
  /// `path` is the recipe's folder or its file.
  /// - Throws: `RecipeError` with every problem of the file, up to twenty.
  package static func load(_ path: Path) throws(RecipeError) -> Recipe {
    var file = path
    // A file that is not there is told by the reading below.
    if let status = try? FileSystem.status(path), status.kind == .directory {
      file = path / fileName
    }
    let text = try contents(of: file, limit: YAMLParser.Limits().bytes)
    return try parse(text, file: file)
  }

  /// Reads a recipe from text; `file` is its name in messages, files that it names are looked for
  /// in `folder` (without one: beside `file`).
  package static func parse(
    _ text: [UInt8], file: Path, folder: Path? = nil
  ) throws(RecipeError) -> Recipe {
    let findings = Findings(file: file.string)
    let root: YAMLNode?
    do throws(YAMLParser.Failure) {
      // Far more than any recipe has; long scripts lie in files of their own.
      var limits = YAMLParser.Limits()
      limits.nodes = 10_000
      root = try YAMLParser.parse(text, limits: limits)
    } catch {
      findings.add(error.message, at: error.mark)
      throw findings.error
    }
    guard let root, !root.isNull else {
      throw RecipeError(file.string, "expected a recipe, found nothing")
    }
    let reader = RecipeReader(findings: findings, folder: folder ?? file.parent)
    guard let recipe = reader.recipe(root), findings.isEmpty else { throw findings.error }
    return recipe
  }

  /// The bytes of a file, at most `limit`.
  static func contents(of file: Path, limit: Int) throws(RecipeError) -> [UInt8] {
    do throws(Errno) {
      let descriptor = try Descriptor.open(file, .readOnly, .nonBlocking)
      let status = try descriptor.status()
      guard status.kind == .file else { throw status.kind == .directory ? .isDirectory : .invalid }
      var bytes: [UInt8] = []
      while bytes.count <= limit {
        let more = try descriptor.read(upTo: min(65536, limit + 1 - bytes.count))
        if more.isEmpty { return bytes }
        bytes += more
      }
    } catch {
      throw RecipeError(file.string, "cannot be read: \(error)", cause: error)
    }
    throw RecipeError(file.string, "is longer than \(limit) bytes")
  }
}
