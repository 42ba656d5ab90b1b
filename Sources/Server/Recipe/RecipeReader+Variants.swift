/// The other arguments and variables that a server is frozen with, too.
extension RecipeReader {
  func variants(_ node: YAMLNode, of recipe: Recipe) -> [Recipe.Variant]? {
    var variants: [Recipe.Variant] = []
    _ = findings.list(node, "a list of variants") { item in
      guard let variant = self.variant(item) else { return }
      if variant.name == recipe.name || variants.contains(where: { $0.name == variant.name }) {
        findings.add("the name \(variant.name) is taken already", at: item.mark)
      } else {
        variants.append(variant)
      }
    }
    return variants
  }

  private func variant(_ node: YAMLNode) -> Recipe.Variant? {
    guard var fields = Fields(node, expected: "the keys of a variant", findings) else { return nil }
    defer { fields.finish() }
    let name = fields.required("name") { self.name($0) }
    let arguments = fields.optional("arguments") { node in
      findings.list(node, "a list of words") { findings.text($0, "a word of a command") }
    }
    let environment = fields.optional("environment") { self.environment($0) }
    let warmUp = fields.optional("warm-up") { self.warmUp($0) }
    if arguments == nil, environment == nil {
      findings.add(
        "neither `arguments` nor `environment`: it would never be thawed", at: node.mark)
    }
    return name.map {
      Recipe.Variant(
        name: $0, arguments: arguments, environment: environment ?? [:], warmUp: warmUp)
    }
  }
}
