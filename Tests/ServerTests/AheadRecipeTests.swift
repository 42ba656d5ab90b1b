import FoundationEssentials
import Linux
import Testing

@testable import Server

struct `Recipes that make ahead of time` {
  private func parse(_ text: String, command: String) throws -> Recipe {
    let head = "recipe: 1\nname: shop\nserver:\n  command: \(command)\n"
    return try Recipe.parse(Array((head + text).utf8), file: "recipe.yaml", folder: "/nowhere")
  }

  private static let clojure = "[java, -Xmx64m, -cp, 'shop.jar:lib/*', clojure.main, -m, shop]"
  private static let java = "[java, -cp, shop.jar, shop.Main]"

  @Test func `main is that of the warm start unless told, and the archive is made unless told`()
    throws
  {
    let recipe = try parse(
      "warm: {main: clojure.main}\nahead: {clojure: true}", command: Self.clojure)
    #expect(recipe.ahead == Recipe.Ahead(main: "clojure.main", clojure: true, archive: true))
    let java = try parse("ahead: {main: shop.Main}", command: Self.java)
    #expect(java.ahead == Recipe.Ahead(main: "shop.Main", clojure: false, archive: true))
    #expect(try parse("", command: Self.java).ahead == nil)
  }

  @Test(arguments: [
    ("ahead: {archive: true}", java, ":5:8: the key `main` is missing here"),
    (
      "ahead: {main: shop.Main, clojure: true}", java,
      ":5:26: only what clojure.main runs can be compiled, and main is \"shop.Main\""
    ),
    (
      "ahead: {main: clojure.main, archive: false}", clojure,
      ":5:8: neither `clojure` nor `archive`: nothing would be made"
    ),
    ("ahead: {main: shop.Main, archive: yes}", java, "expected true or false, found"),
    (
      "ahead: {main: other.Main}", java,
      ":5:9: expected a word of server.command that comes after a class path (-cp), found \"other.Main\""
    ),
  ])
  func `what makes no sense is told`(_ text: String, _ command: String, _ message: String) throws {
    let error = #expect(throws: RecipeError.self) { try parse(text, command: command) }
    #expect("\(try #require(error))".contains(message), "\(String(describing: error))")
  }

  @Test func `what is encoded is decoded`() throws {
    let recipe = try parse("ahead: {main: clojure.main, clojure: true}", command: Self.clojure)
    let json = try JSONEncoder().encode(recipe)
    #expect(try JSONDecoder().decode(Recipe.self, from: json) == recipe)
  }

  @Test func `a JVM's command is taken apart and put together again`() throws {
    let words = [
      "java", "-cp", "old.jar", "-Xmx64m", "-XX:SharedArchiveFile=shop.jsa",
      "--class-path=a.jar:lib/*", "-Dx=y", "shop.Main", "-cp", "word",
    ]
    var command = try #require(JavaCommand(words, main: "shop.Main"))
    #expect(command.archive == "shop.jsa")
    #expect(command.classPath == ["a.jar", "lib/*"])
    command.archive = nil
    command.classPath.insert("/ahead.jar", at: 0)
    #expect(
      command.words == [
        "java", "-Xmx64m", "-Dx=y", "-cp", "/ahead.jar:a.jar:lib/*", "shop.Main", "-cp", "word",
      ])
    #expect(JavaCommand(["java", "-jar", "shop.jar"], main: "shop.jar") == nil)
    #expect(JavaCommand(["java", "-cp"], main: "shop.Main") == nil)
  }
}
