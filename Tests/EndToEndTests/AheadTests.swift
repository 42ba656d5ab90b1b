import Linux
import TestBed
import Testing

/// What `thaw build` makes ahead of time, where it does not work out; `XTDB1ImageTests` has what does.
@Suite(
  .engine, .staticExecutable, .serialized, .timeLimit(.minutes(5)),
  .enabled(if: Machine.ledgerImage != nil, "needs the sample's image: make image"))
struct AheadTests {
  /// The sample's recipe with one more step in its warm-up; the result is the recipe's folder.
  private func recipe(_ bed: Bed, step: String) throws -> Path {
    let source = try FileSystem.resolve("Recipes/ledger")
    let folder = bed.folder / "ledger"
    try FileSystem.copyTree(from: source, to: folder)
    let file = folder / "recipe.yaml"
    let text = try FileSystem.readText(file)
    let place = "  within: 120s\n  steps:\n"
    try #require(text.contains(place))
    try FileSystem.writeFile(
      file, Array(text.replacing(place, with: place + "    - command: \(step)\n").utf8))
    return folder
  }

  private func build(_ bed: Bed, _ recipe: Path, _ more: [String] = []) throws -> Finished {
    let built = try bed.thaw(
      ["build", "--recipe", recipe.string, "--image", "oci:\(Machine.ledgerImage ?? ""):plain"]
        + ["--name", "ledger", "--tag", "ledger:thawed"]
        + ["--to", "oci:\(bed.folder / "made"):thawed"]
        + ["--tier", "hot", "--no-trial"] + more, within: .seconds(200))
    try #require(built.isSuccess, "\(built.errorText)")
    return built
  }

  @Test func `a server that its class-data archive would break does without it`() throws {
    let bed = try Bed()
    let step = "[sh, -c, 'test ! -e /usr/local/lib/thaw/ahead.jsa']"
    let said = try build(bed, try recipe(bed, step: step)).errorText
    #expect(
      said.contains("checking what was made ahead failed, the image does without: the warm-up"),
      "\(said)")
    // The classes have stood the run that made the archive.
    let manifest = try FileSystem.readText(try bed.checkpoint() / "manifest.json")
    #expect(manifest.contains("ahead.jar:ledger.jar"))
    #expect(!manifest.contains("SharedArchiveFile"))
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `nothing is made ahead where nobody wants it`() throws {
    let bed = try Bed()
    let built = try build(bed, try FileSystem.resolve("Recipes/ledger"), ["--no-aot"])
    #expect(!built.errorText.contains("Ahead"), "\(built.errorText)")
    let manifest = try FileSystem.readText(try bed.checkpoint() / "manifest.json")
    #expect(!manifest.contains("ahead.j"))
    #expect(try bed.names(in: "builds").isEmpty)
  }
}
