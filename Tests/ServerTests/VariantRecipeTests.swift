import Linux
import TestBed
import Testing

@testable import Server

struct `Recipes with variants` {
  private func parse(_ text: String) throws -> Recipe {
    let head = """
      recipe: 1
      name: shop
      server:
        command: [shop]
        arguments: [-f, shop.yaml]

      """
    return try Recipe.parse(Array((head + text).utf8), file: "recipe.yaml", folder: "/nowhere")
  }

  @Test func `every key is read`() throws {
    let recipe = try parse(
      """
      variants:
        - name: custom
          arguments: [-f, custom.yaml]
        - name: debug
          environment: {LOG: debug}
          warm-up: {steps: [{http: {port: 8080}, repeat: 3}]}
      """)
    #expect(recipe.variants.map(\.name) == ["custom", "debug"])
    #expect(recipe.variants[0].arguments == ["-f", "custom.yaml"])
    #expect(recipe.variants[0].environment == [:])
    #expect(recipe.variants[0].warmUp == nil)
    #expect(recipe.variants[1].arguments == nil)
    #expect(recipe.variants[1].environment == ["LOG": "debug"])
    #expect(recipe.variants[1].warmUp?.steps.count == 1)
  }

  @Test(
    arguments: [
      ("[{name: a}]", "6:12: neither `arguments` nor `environment`: it would never be thawed"),
      ("[{arguments: []}]", "6:12: the key `name` is missing here"),
      ("[{name: shop, arguments: []}]", "6:12: the name shop is taken already"),
      (
        "[{name: a, arguments: []}, {name: a, arguments: [x]}]", "6:38: the name a is taken already"
      ),
      ("[{name: a, arguments: [], data: [/x]}]", "unknown key `data`"),
      ("[{name: ../a, arguments: []}]", "expected a name of letters"),
      ("7", "expected a list of variants"),
    ])
  func `what makes no sense is told`(text: String, message: String) throws {
    let error = try #require(throws: RecipeError.self) { try parse("variants: \(text)") }
    #expect("\(error)".contains(message), "\(error)")
  }

  @Test func `a recipe without has none, also one of before`() throws {
    #expect(try parse("").variants == [])
  }
}
