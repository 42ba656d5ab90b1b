import Linux
import TestBed
import Testing

@testable import Server

struct `Recipes that start warm` {
  private static let head = """
    recipe: 1
    name: shop
    server:
      command: [java, -Xmx64m, -cp, shop.jar, shop.Main, --serve]
      arguments: [-f, shop.yaml]

    """

  private func parse(_ text: String, folder: Path = "/nowhere") throws -> Recipe {
    try Recipe.parse(Array((Self.head + text).utf8), file: "recipe.yaml", folder: folder)
  }

  @Test func `every key is read, and a Clojure file with it`() throws {
    let folder = try TemporaryDirectory()
    try FileSystem.writeFile(folder.path / "warm.clj", Array("(fn [])".utf8))
    let recipe = try parse(
      """
      warm:
        main: shop.Main
        exercise: warm.clj
        variables: [SHOP_PLUGINS]
        before-freeze:
          - jcmd: GC.run
      """, folder: folder.path)
    #expect(
      recipe.warm
        == Recipe.Warm(
          main: "shop.Main", exercise: .clojure(file: "warm.clj", text: "(fn [])"),
          variables: ["SHOP_PLUGINS"],
          beforeFreeze: [Step(.jcmd("GC.run"))]))
  }

  @Test func `anything that is no Clojure file is a class`() throws {
    let recipe = try parse("warm: {main: shop.Main, exercise: shop.Exercise}")
    #expect(recipe.warm?.exercise == .type("shop.Exercise"))
  }

  @Test func `the launcher takes the place of the main class, behind the class path`() throws {
    let recipe = try parse("warm: {main: shop.Main, exercise: shop.Exercise}")
    let warm = try #require(recipe.warm)
    #expect(
      Launcher.command(recipe.server.command, warm) == [
        "java", "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-opens=java.base/java.util=ALL-UNNAMED",
        "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
        "--add-opens=java.base/java.net=ALL-UNNAMED", "-Dthaw.launch=/dev/shm/thaw",
        "-Dthaw.exercise=shop.Exercise", "-Xmx64m", "-cp",
        "shop.jar:/usr/local/lib/thaw/launcher.jar", "thaw.Launcher", "shop.Main", "--serve",
      ])
  }

  @Test(arguments: [
    ["java", "-classpath", "a", "Main"], ["java", "--class-path", "a", "-Xmx1g", "Main"],
    ["java", "--class-path=a", "Main"], ["java", "-cp", "b", "-cp", "a", "Main", "-cp", "c"],
  ])
  func `every way to say a class path is known`(command: [String]) {
    let launched = Launcher.command(command, .init(main: "Main")) ?? []
    let place = launched.firstIndex { $0.hasSuffix("a:/usr/local/lib/thaw/launcher.jar") }
    #expect(place.map { $0 < launched.firstIndex(of: "thaw.Launcher") ?? 0 } == true)
    #expect(launched.filter { $0.contains("launcher.jar") }.count == 1)
  }

  @Test(arguments: [
    (
      "warm: {main: shop.Other}",
      "recipe.yaml:6:8: expected a word of server.command that comes after a class path (-cp), found \"shop.Other\""
    ),
    (
      "warm: {exercise: a.clj}",
      """
      recipe.yaml:6:7: the key `main` is missing here
      recipe.yaml:6:18: the file "a.clj" cannot be read: No such file or directory (ENOENT)
      """
    ),
  ])
  func `what is wrong is told with its place`(text: String, message: String) {
    let error = #expect(throws: RecipeError.self) { try parse(text) }
    #expect(error?.description == message)
  }

  @Test func `a request is texts that end with zero bytes`() {
    let bytes = Launcher.request(
      arguments: ["-f", "ä.yaml"], environment: ["B": "2", "A": "x=y"], workingDirectory: "/srv")
    #expect(
      String(decoding: bytes, as: UTF8.self) == "1\0/srv\02\0-f\0ä.yaml\02\0A=x=y\0B=2\0")
  }
}
