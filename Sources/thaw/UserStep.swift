import Linux
import Server

/// Steps that a user gives on the line, besides those of a recipe.
extension Recipe {
  /// Adds files of statements, then command lines, to the warm-up.
  mutating func addToWarmUp(sql files: [String], commands: [String]) throws {
    for file in files { warmUp.steps.append(try step(sql: file)) }
    for text in commands { warmUp.steps.append(try Step(command: text)) }
  }

  /// The statements of a file, over the connection of the recipe's first PostgreSQL probe.
  func step(sql file: String) throws -> Step {
    let probes = [firstAnswer].compactMap { $0 } + ready.probes
    let target = probes.lazy.compactMap { probe -> PostgreSQLTarget? in
      if case .postgresql(let target, _) = probe { target } else { nil }
    }.first
    guard let target else {
      throw Failure(
        Failure.badRecipe,
        "\(file): the recipe has no PostgreSQL probe, whose connection it would use; give a command"
      )
    }
    do {
      let statements = try SQLScript.statements(in: try FileSystem.readText(Path(file)))
      return Step(.sql(.init(target: target, statements: statements, file: file)))
    } catch let error as SQLScript.Failure {
      throw Failure(Failure.badRecipe, "\(file):\(error.line):\(error.column): \(error.message)")
    } catch {
      throw Failure(Failure.notFound, "\(file): \(error)")
    }
  }
}

extension Step {
  /// A command line, words as a shell takes them.
  init(command text: String) throws {
    guard case .command(let words) = try Probe(url: "exec:\(text)") else {
      throw Failure(Failure.badRecipe, "'\(text)' is no command line")
    }
    self.init(.command(words))
  }
}
