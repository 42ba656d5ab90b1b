package import Linux

/// What is wrong with a recipe, a probe's URL or a server's configuration: every problem, not only
/// the first.
package struct RecipeError: Error, Hashable, Sendable {
  /// One problem and its place.
  package struct Problem: Hashable, Sendable {
    /// The file, or whatever else was read (a probe's URL).
    package var file: String
    /// Where in the file, nil when the whole file is meant.
    package var mark: YAMLNode.Mark?
    /// What was expected and what was found.
    package var message: String
    /// The error of the system when the file could not be read.
    package var cause: Errno?

    /// Makes a problem.
    package init(
      file: String, mark: YAMLNode.Mark? = nil, message: String, cause: Errno? = nil
    ) {
      self.file = file
      self.mark = mark
      self.message = message
      self.cause = cause
    }
  }

  /// The first problems in the order of the file, at most `Findings.limit`.
  package var problems: [Problem]
  /// How many more there are.
  package var omitted: Int

  /// Makes an error from one or more problems.
  package init(_ problems: [Problem], omitted: Int = 0) {
    self.problems = problems
    self.omitted = omitted
  }

  /// The same with another name of the file.
  func called(_ file: String) -> RecipeError {
    RecipeError(
      problems.map {
        RecipeError.Problem(file: file, mark: $0.mark, message: $0.message, cause: $0.cause)
      }, omitted: omitted)
  }

  /// Makes an error from one problem of a whole file.
  init(_ file: String, _ message: String, cause: Errno? = nil) {
    self.init([Problem(file: file, message: message, cause: cause)])
  }
}

extension RecipeError: CustomStringConvertible {
  /// One line a problem: `recipe.yaml:12:5: expected a duration such as 30s, found "soon"`.
  package var description: String {
    var lines = problems.map(\.description)
    if omitted > 0 { lines.append("… and \(omitted) more") }
    return lines.joined(separator: "\n")
  }
}

extension RecipeError.Problem: CustomStringConvertible {
  /// `file:line:column: message`.
  package var description: String {
    guard let mark else { return "\(file): \(message)" }
    return "\(file):\(mark.line):\(mark.column): \(message)"
  }
}
