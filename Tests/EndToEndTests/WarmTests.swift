import Checkpoint
import Linux
import TestBed
import Testing

/// Servers that are thawed before their main: where arguments, environment or data are others than at the freeze.
@Suite(
  .engine, .staticExecutable, .serialized, .timeLimit(.minutes(5)),
  .enabled(if: Machine.has("javac", "java"), "needs a JDK"), .launcher)
struct WarmTests {
  /// A bed with the shop of `Tests/Warm`, frozen hot and warm as `shop`.
  private struct Shop {
    let bed: Bed
    var data: Path { bed.folder / "data" }

    init(freezing options: [String] = [], before: String = "") throws {
      bed = try Bed()
      let classes = bed.folder / "classes"
      try FileSystem.makeDirectory(classes)
      let source = Path(#filePath).parent.parent / "Warm/Shop.java"
      let compiled = try Spawn("javac", ["--release", "17", "-d", classes.string, source.string])
        .run(deadline: .after(.seconds(60)))
      try #require(compiled.isSuccess, "\(compiled.errorText)")
      let frozen = try bed.thaw(
        ["freeze", "--recipe", try Self.recipe(bed, classes, before: before).string] + options,
        within: .seconds(120))
      try #require(frozen.isSuccess, "\(frozen.errorText)")
    }

    static func recipe(_ bed: Bed, _ classes: Path, before: String) throws -> Path {
      let text = """
        recipe: 1
        name: shop
        server:
          command: [java, -Xmx64m, -XX:+UseSerialGC, -XX:-UsePerfData, -cp, \(classes), Shop]
          arguments: [\(bed.folder / "data")]
          environment: {SHOP_GREETING: hello}
          working-directory: \(bed.folder.path)
        ports: [8080]
        data: [\(bed.folder / "data")]
        ready: {probes: [{http: {port: 8080, path: /notes}}]}
        warm-up: {steps: [{http: {port: 8080, path: /about}, repeat: 50}]}
        warm:
          main: Shop
          exercise: Shop
          variables: [SHOP_PLUGINS]
        \(before)

        """
      let folder = bed.folder / "recipe"
      try FileSystem.makeDirectory(folder)
      try FileSystem.writeFile(folder / "recipe.yaml", Array(text.utf8))
      return folder
    }

    /// Starts it, and gives what it tells of itself, with the tier that it was started in.
    func run(_ words: String...) throws -> [String: String] {
      let started = try bed.thaw(["run", "-d", "--json", "--name", "one"] + words)
      try #require(started.isSuccess, "\(started.errorText)")
      var about: [String: String] = [:]
      for line in (try bed.get("/about") ?? "").split(separator: "\n") {
        let parts = line.split(separator: " ", maxSplits: 1)
        about[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
      }
      for tier in ["hot", "warm", "cold"] where started.text.contains("\"tier\":\"\(tier)\"") {
        about["tier"] = tier
      }
      return about
    }

    func note(_ text: String) throws {
      #expect(try bed.get("/note/\(text)") == "ok")
    }

    func stop() throws {
      #expect(try bed.thaw("stop", "one").isSuccess)
      #expect(try bed.thaw("rm", "--container", "one").isSuccess)
    }
  }

  @Test func `other arguments, variables and data are thawed before main, and nothing is lost`()
    throws
  {
    let shop = try Shop()
    let hot = try shop.run("shop")
    #expect(hot["tier"] == "hot")
    #expect(hot["greeting"] == "hello")
    try shop.stop()

    let other = (shop.bed.folder / "other").string
    let arguments = try shop.run("shop", "--", other)
    #expect(arguments["tier"] == "warm")
    #expect(arguments["arguments"] == "[\(other)]")
    #expect(arguments["loaded"] != hot["loaded"])
    try shop.stop()

    let variables = try shop.run("-e", "SHOP_GREETING=good day", "-e", "TZ=Asia/Tokyo", "shop")
    #expect(variables["tier"] == "warm")
    #expect(variables["greeting"] == "good day")
    #expect(variables["zone"] == "Asia/Tokyo")
    // The same JVM as before: nothing was loaded anew. Its random numbers are others, and so is its host.
    #expect(variables["loaded"] == arguments["loaded"])
    #expect(variables["random"] != arguments["random"])
    #expect(variables["host"] != arguments["host"])
    try shop.stop()

    let ended = "--on-stop=stop"
    #expect(try shop.run(ended, "-v", "notes:\(shop.data)", "shop")["tier"] == "hot")
    try shop.note("one")
    try shop.stop()
    #expect(try shop.run("-v", "notes:\(shop.data)", "shop")["tier"] == "warm")
    #expect(try shop.bed.get("/notes") == "one")
    try shop.note("two")
    try shop.stop()
    #expect(try shop.run("-v", "notes:\(shop.data)", "-e", "A=b", "shop")["tier"] == "warm")
    #expect(try shop.bed.get("/notes") == "one,two")
    try shop.stop()
    #expect(try shop.run("--cold", "-v", "notes:\(shop.data)", "shop")["tier"] == "cold")
    #expect(try shop.bed.get("/notes") == "one,two")
    try shop.stop()
    try shop.bed.expectNothingIsLeft(checkpoints: 2)
  }

  @Test func `what a JVM reads when it is loaded means a cold start, and explain says so before`()
    throws
  {
    let shop = try Shop()
    for (variable, tier) in [
      ("A=b", "warm"), ("SHOP_PLUGINS=all", "cold"), ("JAVA_TOOL_OPTIONS=-Xmx80m", "cold"),
    ] {
      let told = try shop.bed.thaw("explain", "--quiet", "-e", variable, "shop")
      #expect(told.text == tier + "\n", "\(variable): \(told.errorText)")
      #expect(try shop.run("-e", variable, "shop")["tier"] == tier)
      try shop.stop()
    }
    let told = try shop.bed.thaw("explain", "-v", "empty:\(shop.data)", "shop")
    #expect(told.text.contains("It would be started hot."))
    #expect(!FileSystem.exists(shop.bed.root / "volumes/empty"))
    let all = try shop.bed.thaw("explain", "--json", "-e", "A=b", "shop")
    #expect(all.text.contains(#""found":"another value of A""#), "\(all.text)")
    let table = try shop.bed.thaw("explain", "shop", "--", "x")
    #expect(table.text.contains("To have it hot: freeze a checkpoint with it to have it hot."))
    #expect(table.text.hasSuffix("It would be started warm.\n"), "\(table.text)")
    try shop.bed.expectNothingIsLeft(checkpoints: 2)
  }

  @Test func `a main that fails ends as ever`() throws {
    let shop = try Shop()
    let failed = try shop.bed.thaw("run", "--rm", "shop", "--", shop.data.string, "fail")
    #expect(failed.status == .exited(1))
    #expect(
      failed.errorText.contains(
        "Exception in thread \"main\" java.lang.IllegalStateException: told to fail"))
    #expect(!failed.errorText.contains("thaw.Launcher"), "\(failed.errorText)")
  }

  @Test func `both checkpoints come and go together, and bear hibernation, archives and compact`()
    throws
  {
    let shop = try Shop()
    #expect(try shop.bed.thaw("ls").text.contains("behind shop"))
    // Hibernated after a warm start: its memory is that of the second checkpoint.
    let first = try shop.run("-e", "SHOP_GREETING=good day", "shop")
    #expect(first["tier"] == "warm")
    try shop.note("kept")
    let hibernated = try shop.bed.thaw("hibernate", "--name", "later", "one")
    #expect(hibernated.isSuccess, "\(hibernated.errorText)")
    #expect(try shop.bed.thaw("rm", "--container", "one").isSuccess)
    let again = try shop.run("later")
    #expect(again["tier"] == "hot")
    #expect(again["greeting"] == "good day")
    #expect(again["loaded"] == first["loaded"])
    #expect(try shop.bed.get("/notes") == "kept")
    try shop.stop()
    #expect(try shop.run("-e", "SHOP_GREETING=again", "later")["tier"] == "warm")
    #expect(try shop.bed.get("/notes") == "kept")
    try shop.stop()

    let compacted = try shop.bed.thaw("compact", "later")
    #expect(compacted.isSuccess, "\(compacted.errorText)")
    #expect(try shop.run("later")["tier"] == "hot")
    #expect(try shop.bed.get("/notes") == "kept")
    try shop.stop()

    let archive = (shop.bed.folder / "later.thaw").string
    #expect(try shop.bed.thaw("save", "later", "-o", archive).isSuccess)
    #expect(try shop.bed.thaw("rm", "later").isSuccess)
    #expect(try shop.bed.thaw("rm", "shop").isSuccess)
    #expect(try shop.bed.thaw("ls", "--quiet").text == "")
    #expect(try shop.bed.thaw("load", "-i", archive).isSuccess)
    #expect(try shop.run("-e", "A=b", "later")["tier"] == "warm")
    #expect(try shop.bed.get("/notes") == "kept")
    try shop.stop()
  }

  @Test func `each thawed server is told an id of its own, or is not thawed`() throws {
    let told = try Shop(
      freezing: ["--tier", "hot"],
      before: "after-thaw: [{http: {port: 8080, path: \"/note/$THAW_ID\"}}]")
    var ids: Set<String> = []
    for _ in 1...2 {
      #expect(try told.run("shop")["tier"] == "hot")
      ids.insert(try told.bed.get("/notes") ?? "")
      try told.stop()
    }
    #expect(ids.count == 2 && ids.allSatisfy { $0.count >= 16 }, "\(ids)")

    let failing = try Shop(
      freezing: ["--tier", "hot", "--no-trial"],
      before: "after-thaw: [{command: [sh, -c, \"echo $THAW_ID is taken >&2; exit 1\"]}]")
    #expect(try failing.run("shop")["tier"] == "cold")
    let log = try failing.bed.thaw("logs", "one").errorText
    #expect(
      log.contains("thaw: cold: after-thaw: step 1 of 1") && log.contains("is taken"), "\(log)")
    try failing.stop()
  }

  @Test func `an exercise that fails, and a recipe without one, are told`() throws {
    let bed = try Bed()
    let recipe = try bed.recipe("warm: {main: server.pl}")
    let bad = try bed.thaw("freeze", "--recipe", recipe.string)
    #expect(
      bad.errorText.contains("expected a word of server.command that comes after a class path"))
    let none = try bed.thaw("freeze", "--tier", "warm", "--recipe", try bed.recipe().string)
    #expect(none.errorText.contains("the recipe does not say how to start warm"))
  }
}
