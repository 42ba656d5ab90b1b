import Linux
import TestBed
import Testing

/// A container that is started in another folder than its image's: what the server opens by a relative path lies there.
@Suite(
  .containerEngines, .staticExecutable, .serialized, .timeLimit(.minutes(8)),
  .enabled(if: Machine.has("java", "javac", "jar"), "needs a JDK"), .launcher,
  .enabled(if: Machine.ledgerImage != nil, "needs an image with a JDK: make image"))
struct WorkingFolderTests {
  private static let recipe = """
    recipe: 1
    name: shop
    server:
      command: [java, -Xmx64m, -XX:+UseSerialGC, -XX:-UsePerfData, -cp, /usr/local/lib/shop/shop.jar, Shop]
      arguments: [notes]
      environment: {SHOP_GREETING: hello}
    ports: [8080]
    ready: {probes: [{http: {port: 8080, path: /notes}}]}
    warm: {main: Shop, exercise: Shop}

    """

  /// Builds the shop of `Tests/Warm` as an image in Docker.
  private func built() throws -> EngineBed {
    let bed = try EngineBed()
    let classes = bed.folder / "classes"
    let jars = bed.folder / "jars"
    for folder in [classes, jars, bed.folder / "shop"] { try FileSystem.makeDirectory(folder) }
    let source = Path(#filePath).parent.parent / "Warm/Shop.java"
    for words in [
      ["javac", "--release", "17", "-d", classes.string, source.string],
      ["jar", "--create", "--file", (jars / "shop.jar").string, "-C", classes.string, "."],
    ] {
      let done = try Spawn(Path(words[0]), Array(words.dropFirst()))
        .run(deadline: .after(.seconds(60)))
      try #require(done.isSuccess, "\(done.errorText)")
    }
    try FileSystem.writeFile(bed.folder / "shop/recipe.yaml", Array(Self.recipe.utf8))
    let built = try bed.thaw([
      "build", "--recipe", (bed.folder / "shop").string, "--jars", jars.string,
      "--image", "oci:\(Machine.ledgerImage ?? ""):plain", "--tag", "shop:thawed",
      "--to", "docker",
    ])
    try #require(built.isSuccess, "\(built.errorText)")
    return bed
  }

  @Test
  func `a relative path leads into the folder of today, for the server is started cold there`()
    throws
  {
    let bed = try built()
    for (options, tier, folder) in [
      ("", "hot", "/usr/local/lib/shop"), ("-e SHOP_GREETING=hi", "warm", "/usr/local/lib/shop"),
      ("-w /elsewhere", "cold", "/elsewhere"),
    ] {
      try bed.shell(
        "docker run -d --name one -p 18080:8080 \(BuiltImage.confined) \(options) shop:thawed")
      #expect(try bed.get("/note/\(tier)", port: 18080) == "ok")
      let log = try bed.shell("docker logs one 2>&1")
      #expect(log.contains("thaw: \(tier): "), "\(log)")
      if tier == "cold" { #expect(log.contains("working directory"), "\(log)") }
      try bed.shell("docker cp one:\(folder)/notes/notes \(bed.folder / "notes")")
      #expect(try FileSystem.readText(bed.folder / "notes") == "\(tier)\n")
      try bed.shell("docker rm --force one")
    }
  }
}
