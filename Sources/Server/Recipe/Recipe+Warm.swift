extension Recipe {
  /// Whether the server's launcher has it warmed up before its `main`, wherever it is frozen.
  package var isExercisedFirst: Bool { warmUp.on == .exercise && warm?.exercise != nil }

  /// The variables that tell an exercise where the server's named ports are: `THAW_PORT_POSTGRESQL`.
  package var portVariables: [String: String] {
    var variables: [String: String] = [:]
    for port in ports {
      guard let name = port.name else { continue }
      let letters = name.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" }
      variables["THAW_PORT_" + String(letters)] = "\(port.number)"
    }
    return variables
  }

  /// How a JVM server is frozen before its `main`: its code loaded and exercised, its data not yet opened.
  package struct Warm: Hashable, Sendable, Codable {
    /// The word of the server's command that names the class with its `main`, such as `clojure.main`.
    package var main: String
    /// What starts the server on nothing of its own, to be warmed up; nil: its `main` is loaded and no more.
    package var exercise: Exercise?
    /// Variables that the server reads while it is loaded: with another value of one it is started cold.
    package var variables: [String]
    /// What to do when the exercise is over and closed, just before the freeze.
    package var beforeFreeze: [Step]

    /// Describes it.
    package init(
      main: String, exercise: Exercise? = nil, variables: [String] = [], beforeFreeze: [Step] = []
    ) {
      self.main = main
      self.exercise = exercise
      self.variables = variables
      self.beforeFreeze = beforeFreeze
    }

    enum CodingKeys: String, CodingKey {
      case main, exercise, variables
      case beforeFreeze = "before-freeze"
    }
  }

  /// What starts a server on nothing of its own, and gives what closes it again.
  package enum Exercise: Hashable, Sendable, Codable {
    /// A Clojure file, which was read with the recipe; its last value closes what it started.
    case clojure(file: String, text: String)
    /// A class of the server's class path, with `exercise` or `call`.
    case type(String)
  }
}
