import Linux
import TestBed
import Testing

/// A server that is given as a folder of jars: XTDB 1's own, as they were published, above an image that has a JDK and
/// nothing of it.
@Suite(
  .engine, .staticExecutable, .serialized, .timeLimit(.minutes(5)),
  .enabled(
    if: Spawn.ownEnvironment()["THAW_XTDB1"].map { FileSystem.exists(Path($0) / "lib") } ?? false,
    "needs XTDB 1's jars: THAW_XTDB1, a folder with lib/*.jar"),
  .enabled(if: Machine.ledgerImage != nil, "needs an image with a JDK: make image"),
  .enabled(if: Machine.has("curl"), "needs curl"))
struct JarFolderTests {
  private static let base = "oci:\(Machine.ledgerImage ?? ""):plain"

  /// XTDB's jars in `lib`, and the server of Examples/xtdb1 as a jar of sources, which is how Clojure's are published.
  private func folder(_ bed: Bed) throws -> Path {
    let folder = bed.folder / "server"
    try FileSystem.makeDirectory(folder)
    let jars = Path(Spawn.ownEnvironment()["THAW_XTDB1"] ?? "")
    try FileSystem.copyTree(from: jars / "lib", to: folder / "lib")
    let example = try FileSystem.resolve("Examples/xtdb1")
    try FileSystem.copyTree(from: example / "memory.edn", to: folder / "memory.edn")
    let packed = try Spawn(
      "jar",
      ["--create", "--file", (folder / "server.jar").string, "-C", "\(example / "src")", "."]
    ).run(deadline: .after(.seconds(30)))
    try #require(packed.isSuccess, "\(packed.errorText)")
    return folder
  }

  private func recipe(_ bed: Bed) throws -> Path {
    let recipe = bed.folder / "people"
    try FileSystem.makeDirectory(recipe)
    try FileSystem.writeFile(
      recipe / "recipe.yaml",
      Array(
        """
        recipe: 1
        name: people
        server:
          command: [java, -XX:+UseSerialGC, -Xmx256m, -XX:-UsePerfData, -Djava.io.tmpdir=/tmp,
                    -cp, "server.jar:lib/*", clojure.main, -m, xtdb1.main]
          arguments: [-f, memory.edn]
          user: "20000:20000"
        ports: [3000, 8080]
        temporary: [/tmp]
        ready:
          within: 180s
          probes:
            - http: {port: 8080, path: /healthz/ready}
        warm-up:
          steps:
            - http: {port: 3000, path: /_xtdb/status}
        ahead: {main: clojure.main}

        """.utf8))
    return recipe
  }

  @Test func `XTDB's jars become an image that is thawed and starts fast without any right`() throws
  {
    let bed = try Bed()
    let built = try bed.thaw(
      ["build", "--jars", try folder(bed).string, "--recipe", try recipe(bed).string]
        + ["--image", Self.base, "--name", "people", "--tier", "hot", "--no-trial"]
        + ["--to", "oci:\(bed.folder / "made"):people"], within: .seconds(250))
    try #require(built.isSuccess, "\(built.errorText)")
    #expect(built.errorText.contains("classes come from the class-data archive"))
    #expect(built.text.contains("people-standalone:criu-checkpoint is built"), "\(built.text)")
    // The jars are files of the image.
    let umoci = try #require(Machine.bundle) / "tools/umoci"
    let words = ["raw", "unpack", "--image", "\(bed.folder / "made"):people"]
    let unpacked = try Spawn(umoci, words + [(bed.folder / "root").string])
      .run(deadline: .after(.seconds(60)))
    try #require(unpacked.isSuccess, "\(unpacked.errorText)")
    let place = bed.folder / "root/usr/local/lib/people"
    #expect(FileSystem.exists(place / "lib/xtdb-core-1.24.5.jar"))
    #expect(FileSystem.exists(place / "server.jar") && FileSystem.exists(place / "memory.edn"))

    let tiers = [([], "hot"), (["-e", "LC_ALL=C"], "cold")]
    for (options, tier) in tiers {
      let run = try bed.thaw(["run", "-d", "--rm", "--name", "one"] + options + ["people"])
      #expect(run.isSuccess && run.text.contains(tier), "\(run.text)\(run.errorText)")
      let ready = try eventually { try bed.get("/healthz/ready", port: 8080) }
      #expect(ready == "Ready.\n")
      #expect(try ask(bed, "query", "{:query {:find [e] :where [[e :name n]]}}") == "#{}\n")
      #expect(try bed.thaw("stop", "one").isSuccess)
    }
  }

  private func ask(_ bed: Bed, _ path: String, _ body: String) throws -> String {
    let url = "http://127.0.0.1:3000/_xtdb/\(path)"
    return try bed.spawn(["curl", "-fsS", url, "--data-binary", body])
      .run(deadline: .after(.seconds(20))).text
  }

  @Test func `a folder without jars, and jars without a JDK under them, are told`() throws {
    let bed = try Bed()
    let empty = bed.folder / "empty"
    try FileSystem.makeDirectory(empty)
    let words = [
      "build", "--to", "oci:\(bed.folder / "made"):x", "--name", "x", "--tag", "x:y", "--jars",
    ]
    let command = ["--", "java", "-cp", "*", "shop.Main"]
    let none = try bed.thaw(words + [empty.string] + command)
    #expect(none.status == .exited(3) && none.errorText.contains("no jar is there"))
    let jars = try folder(bed).string
    let bare = try bed.thaw(
      words + [jars] + command, environment: ["THAW_CACHE": bed.folder.path.string])
    #expect(bare.status == .exited(3), "\(bare.errorText)")
    #expect(bare.errorText.contains("there is no base with a JDK under them; give --image"))
    #expect(FileSystem.exists(bed.folder / "made") == false)
  }
}
