import Linux
import TestBed
import Testing

/// What `thaw build` makes ahead of time, where it does not work out, and again; `XTDB1ImageTests` has what does.
@Suite(
  .engine, .staticExecutable, .serialized, .timeLimit(.minutes(15)),
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
        + ["--tier", "hot", "--no-trial"] + more, within: .seconds(400))
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

  @Test func `a server that is frozen again has it made anew`() throws {
    let bed = try Bed()
    _ = try build(bed, try FileSystem.resolve("Recipes/ledger"))
    let first = try bed.checkpoint()
    let before = try FileSystem.readText(first / "manifest.json")
    try #require(before.contains("ahead.jar:ledger.jar") && before.contains("ahead.jsa"))
    let refreshed = try bed.thaw(["refresh", "--force", "ledger"], within: .seconds(400))
    try #require(refreshed.isSuccess, "\(refreshed.errorText)")
    #expect(refreshed.errorText.contains("Ahead: check"), "\(refreshed.errorText)")
    #expect(!refreshed.errorText.contains("does without"), "\(refreshed.errorText)")
    let second = try bed.checkpoint()
    #expect(second != first)
    let after = try FileSystem.readText(second / "manifest.json")
    // It is named once, not once more each time.
    #expect(after.contains("ahead.jar:ledger.jar") && !after.contains("ahead.jar:/usr"))
    #expect(after.split(separator: "-XX:SharedArchiveFile=").count == 2)
    let run = try bed.thaw("run", "-d", "--rm", "--name", "one", "ledger")
    #expect(run.isSuccess && run.text.contains("hot"), "\(run.text)\(run.errorText)")
    #expect(try bed.get("/healthz/ready") != nil)
    #expect(try bed.thaw("stop", "one").isSuccess)
  }
}
