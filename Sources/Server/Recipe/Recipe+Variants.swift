extension Recipe {
  /// The same server as it is asked for with other arguments or variables: `thaw build` freezes it once more, and the image
  /// has both.
  package struct Variant: Hashable, Sendable, Codable {
    /// What it is called: letters, digits, `.`, `_` and `-`.
    package var name: String
    /// The words behind the command; nil: those of the recipe.
    package var arguments: [String]?
    /// Additions to the environment of the recipe.
    package var environment: [String: String]
    /// What to do before it is frozen; nil: what the recipe says.
    package var warmUp: WarmUp?

    package init(
      name: String, arguments: [String]? = nil, environment: [String: String] = [:],
      warmUp: WarmUp? = nil
    ) {
      self.name = name
      self.arguments = arguments
      self.environment = environment
      self.warmUp = warmUp
    }

    enum CodingKeys: String, CodingKey {
      case name, arguments, environment
      case warmUp = "warm-up"
    }
  }
}
