/// Collects what is wrong with a file while it is read on, so that all of it is told at once.
final class Findings {
  /// How many problems are told in full.
  static let limit = 20

  /// The file's name for messages.
  let file: String
  private var problems: [RecipeError.Problem] = []

  init(file: String) {
    self.file = file
  }

  /// Notes a problem.
  func add(_ message: String, at mark: YAMLNode.Mark?, in other: String? = nil) {
    problems.append(RecipeError.Problem(file: other ?? file, mark: mark, message: message))
  }

  /// Notes that something else was expected of `node`.
  func expected(_ what: String, at node: YAMLNode) {
    add("expected \(what), found \(node.told)", at: node.mark)
  }

  /// Whether nothing is wrong so far.
  var isEmpty: Bool { problems.isEmpty }

  /// All problems in the order of the file.
  var error: RecipeError {
    let sorted = problems.enumerated().sorted { first, second in
      let (a, b) = (first.element.mark, second.element.mark)
      return (a?.line ?? 0, a?.column ?? 0, first.offset)
        < (b?.line ?? 0, b?.column ?? 0, second.offset)
    }
    let told = sorted.prefix(Self.limit).map(\.element)
    return RecipeError(Array(told), omitted: problems.count - told.count)
  }
}
