import Linux
import TestBed
import Testing

/// The real XTDB 1 with RocksDB, in the image of `Examples/xtdb1`.
@Suite(
  .engine, .staticExecutable, .serialized, .timeLimit(.minutes(5)),
  .enabled(
    if: Machine.xtdb1Image != nil,
    "needs XTDB 1's image: Examples/xtdb1/image.sh, with its jars in THAW_XTDB1"))
struct XTDB1Tests {
  private static let names = "{:query {:find [n] :where [[e :name n]]}}"
  private static let data = "people:/var/lib/xtdb"

  /// A bed with a checkpoint of the node, and what its freeze was told besides.
  private func frozen(_ more: [String] = []) throws -> Bed {
    let bed = try Bed()
    try freeze(bed, try FileSystem.resolve("Recipes/xtdb1"), more)
    return bed
  }

  private func freeze(_ bed: Bed, _ recipe: Path, _ more: [String] = []) throws {
    let image = "oci:\(Machine.xtdb1Image ?? ""):latest"
    let freeze = try bed.thaw(
      ["freeze", "--recipe", recipe.string, "--image", image] + more, within: .seconds(200))
    try #require(freeze.isSuccess, "\(freeze.errorText)")
  }

  /// What XTDB's API answers; with a body it is a POST.
  private func ask(_ bed: Bed, _ path: String, _ body: String? = nil) throws -> String {
    let post = body.map { ["--data-binary", $0] } ?? []
    let url = "http://127.0.0.1:3000/_xtdb/\(path)"
    return try bed.spawn(["curl", "--silent", "--show-error", "--fail", url] + post)
      .run(deadline: .after(.seconds(20))).text
  }

  private func run(_ bed: Bed, _ words: String..., tier: String) throws {
    let run = try bed.thaw(["run", "-d", "--rm", "--name", "one"] + words + ["xtdb1"])
    #expect(run.isSuccess && run.text.contains(tier), "\(run.text)\(run.errorText)")
  }

  private func isStopped(_ bed: Bed) throws -> Bool {
    try bed.thaw("stop", "one").isSuccess
  }

  @Test func `what a thawed node was told is on its volume after a restart`() throws {
    let bed = try frozen()
    try run(bed, "--on-stop=stop", "-v", Self.data, tier: "hot")
    #expect(try ask(bed, "query", Self.names) == "#{}\n", "the warm-up leaves no one behind")
    let submitted = try ask(
      bed, "submit-tx",
      """
      {:tx-ops [[:xtdb.api/put {:xt/id :ada :name "Ada" :age 36} #inst "2020-01-01"]
                [:xtdb.api/put {:xt/id :ada :name "Ada" :age 37} #inst "2021-01-01"]]}
      """)
    #expect(submitted.hasPrefix("{:xtdb.api/tx-id "))
    #expect(try !ask(bed, "sync?timeout=10000").isEmpty)
    #expect(try ask(bed, "query", Self.names) == "#{[\"Ada\"]}\n")
    #expect(try isStopped(bed))

    try run(bed, "-v", Self.data, tier: "warm (not hot: data: ")
    #expect(try bed.get("/healthz/ready", port: 8080) == "Ready.\n")
    #expect(try ask(bed, "query", Self.names) == "#{[\"Ada\"]}\n")
    let history = try ask(bed, "entity?eid-edn=:ada&history=true&with-docs=true")
    let first = try #require(history.firstRange(of: ":age 36"))
    let second = try #require(history.firstRange(of: ":age 37"))
    #expect(first.lowerBound < second.lowerBound)
    let earlier = try ask(bed, "entity?eid-edn=:ada&valid-time=2020-06-01")
    #expect(earlier.contains(":age 36"))
    // Hibernated onto its volume, it goes on there.
    #expect(try bed.thaw("stop", "one").text.contains("hibernated after"))
    try run(bed, "-v", Self.data, tier: "hot")
    #expect(try ask(bed, "query", Self.names) == "#{[\"Ada\"]}\n")
    #expect(try isStopped(bed))
    try bed.expectNothingIsLeft(checkpoints: 2)
  }

  @Test func `a node that was warmed up before its main has nothing of it in its log`() throws {
    let bed = try Bed()
    let recipe = bed.folder / "xtdb1"
    try FileSystem.copyTree(from: FileSystem.resolve("Recipes/xtdb1"), to: recipe)
    let file = recipe / "recipe.yaml"
    let text = try FileSystem.readText(file)
    let place = "warm-up:\n"
    try #require(text.contains(place))
    try FileSystem.writeFile(
      file, Array(text.replacing(place, with: place + "  on: exercise\n").utf8))
    try freeze(bed, recipe, ["--tier", "hot", "--no-trial"])
    try run(bed, tier: "hot")
    #expect(try !ask(bed, "tx-log").contains("tx-id"))
    _ = try ask(bed, "submit-tx", "{:tx-ops [[:xtdb.api/put {:xt/id :ada :name \"Ada\"}]]}")
    #expect(try !ask(bed, "sync?timeout=10000").isEmpty)
    #expect(try ask(bed, "query", Self.names) == "#{[\"Ada\"]}\n")
    #expect(try ask(bed, "tx-log").contains("tx-id"))
    #expect(try isStopped(bed))
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `a node in memory is thawed twice, each time with nothing`() throws {
    let bed = try frozen(["--", "-f", "memory.edn"])
    for _ in 1...2 {
      try run(bed, tier: "hot")
      #expect(try ask(bed, "query", Self.names) == "#{}\n")
      _ = try ask(
        bed, "submit-tx", "{:tx-ops [[:xtdb.api/put {:xt/id :ada :name \"Ada\"}]]}")
      #expect(try !ask(bed, "sync?timeout=10000").isEmpty)
      #expect(try ask(bed, "query", Self.names) == "#{[\"Ada\"]}\n")
      #expect(try isStopped(bed))
    }
    try bed.expectNothingIsLeft(checkpoints: 2)
  }
}
