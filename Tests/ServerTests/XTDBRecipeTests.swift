import Linux
import Testing

@testable import Server

/// The recipe of XTDB 2.x, and what it becomes with the configurations that its images have.
struct `XTDB 2's recipe` {
  private func recipe() throws -> Recipe {
    let top = Path(#filePath).parent.parent.parent
    return try Recipe.load(top / "Recipes/xtdb")
  }

  private func configured(_ text: String) throws -> Recipe {
    try recipe().configured(
      by: Configuration(
        Array(text.utf8), file: "/usr/local/lib/xtdb/config.yaml",
        environment: ["XTDB_PORT": "15432"]))
  }

  private static let local = """
    log: !Local
      path: "/var/lib/xtdb/log"
    storage: !Local
      path: "/var/lib/xtdb/buffers"

    """

  @Test(arguments: [
    (
      "2.0",
      """
      server:
        port: 5432
      healthz:
        port: 8080
      modules:
      - !HttpServer
        port: 3000

      """, [5432, 8080]
    ),
    (
      "2.1",
      """
      server:
        host: '*'
        port: 5432
      healthz:
        host: '*'
        port: 8080

      """, [5432, 8080]
    ),
    (
      "2.2",
      """
      server: {host: '*', port: 5432}
      flightSql: {host: '*', port: 3000}
      healthz: {host: '*', port: 8080}

      """, [5432, 8080, 3000] as [UInt16]
    ),
  ])
  func `what each version's image is configured with is what the recipe asks`(
    _ version: String, _ text: String, _ ports: [UInt16]
  ) throws {
    let configured = try configured(text + Self.local)
    #expect(configured.ports.map(\.number) == ports)
    #expect(configured.ready == (try recipe().ready))
    #expect(configured.warmUp == (try recipe().warmUp))
    #expect(configured.data == ["/var/lib/xtdb"])
  }

  @Test func `its arguments are the image's, and these name its configuration`() throws {
    let recipe = try recipe()
    #expect(recipe.server.argumentsFrom == .image)
    #expect(recipe.configurationFile(in: ["-f", "local_config.yaml"]) == "local_config.yaml")
    #expect(recipe.configurationFile(in: ["-f", "config.edn"]) == nil)
    #expect(recipe.configurationFile(in: ["playground", "-f"]) == nil)
    #expect(recipe.configurationFile(in: []) == nil)
    #expect(recipe.isExercisedFirst)
  }

  @Test func `other ports and folders are asked and kept instead`() throws {
    let recipe = try configured(
      """
      server: {port: !Env XTDB_PORT}
      healthz: {port: 5432}
      log: !Local {path: /srv/log}
      storage: !Local {path: /var/lib/xtdb/buffers}
      """)
    // 8080 became 5432, and what asked 5432 asks the other: no number is replaced twice.
    #expect(recipe.ports.map(\.number) == [15432, 5432])
    #expect(recipe.ready.probes.map(\.port) == [15432, 5432, 5432])
    #expect(recipe.firstAnswer?.port == 5432)
    #expect(recipe.data == ["/var/lib/xtdb", "/srv/log"])
    #expect(
      recipe.portVariables == ["THAW_PORT_POSTGRESQL": "15432", "THAW_PORT_HEALTH": "5432"])
    let asked = recipe.warmUp.steps.compactMap { step -> UInt16? in
      if case .sql(let sql) = step.action { return sql.target.endpoint.port }
      if case .http(let request) = step.action { return request.endpoint.port }
      return nil
    }
    #expect(asked == [15432, 5432, 5432])
  }

  @Test func `without health pages SELECT 1 is all that can be asked`() throws {
    let recipe = try configured("server: {port: 5432}\n" + Self.local)
    #expect(recipe.ready.probes.map(\.port) == [5432])
    #expect(recipe.firstAnswer?.port == 5432)
    #expect(recipe.warmUp.steps.count == 1)
    #expect(recipe.beforeFreeze.allSatisfy { !$0.title.contains("8080") })
  }

  @Test func `a server that listens nowhere is an error`() throws {
    let error = #expect(throws: RecipeError.self) { try configured(Self.local) }
    #expect(
      "\(try #require(error))".contains(
        "/usr/local/lib/xtdb/config.yaml: the recipe xtdb asks for none of its ports: "
          + "it has no number at server.port, healthz.port, flightSql.port"))
  }

  @Test func `its warm-up has every kind of statement, and changes nothing but its own tables`()
    throws
  {
    guard case .sql(let sql) = try recipe().warmUp.steps.first?.action else {
      Issue.record("no SQL")
      return
    }
    let kinds = ["PREPARE", "EXECUTE", "INSERT", "UPDATE", "DELETE", "SELECT", "ERASE"]
    for kind in kinds { #expect(sql.statements.contains { $0.hasPrefix(kind) }, "\(kind)") }
    for part in ["JOIN", "GROUP BY", "FOR VALID_TIME", "SYSTEM_TIME", "information_schema"] {
      #expect(sql.statements.contains { $0.contains(part) }, "\(part)")
    }
    for statement in sql.statements {
      for verb in ["INSERT INTO ", "UPDATE ", "DELETE FROM ", "ERASE FROM "] {
        guard let place = statement.firstRange(of: verb) else { continue }
        #expect(statement[place.upperBound...].hasPrefix("warm_up_"), "\(statement)")
      }
    }
  }
}
