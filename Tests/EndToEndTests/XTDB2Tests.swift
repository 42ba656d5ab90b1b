import Linux
import TestBed
import Testing

/// A real image of XTDB 2.x, where one is given.
@Suite(
  .containerEngines, .staticExecutable, .serialized, .timeLimit(.minutes(10)),
  .enabled(
    if: Spawn.ownEnvironment()["THAW_XTDB_IMAGE"] != nil,
    "needs a real image of XTDB 2.x in THAW_XTDB_IMAGE, such as oci:FOLDER:TAG"),
  .enabled(if: Machine.has("psql", "nsenter"), "needs psql and nsenter"))
struct XTDB2Tests {
  @Test func `a node of XTDB 2 is thawed on its volume with all that it was told`() throws {
    let node = try BuiltImage(
      .init(
        name: "xtdb", base: Spawn.ownEnvironment()["THAW_XTDB_IMAGE"] ?? "",
        published: "-p 18080:8080 -p 15432:5432", health: "/healthz/started"))
    let options = "-v people:/var/lib/xtdb \(BuiltImage.confined)"
    #expect(try node.start(options).contains("thaw: hot: thawed in"))
    // The warm-up was done elsewhere.
    let tables = "SELECT count(*) FROM information_schema.tables WHERE table_name LIKE 'warm_up%'"
    #expect(try ask(node, tables) == "0")
    _ = try ask(node, "INSERT INTO people (_id, name) VALUES (1, 'Ada')")
    #expect(try node.stop().log.contains("thaw: hibernated in"))

    #expect(try node.start(options).contains("where it was hibernated"))
    #expect(try ask(node, "SELECT name FROM people") == "Ada")
    _ = try ask(node, "UPDATE people SET name = 'Grace' WHERE _id = 1")
    #expect(try node.stop().log.contains("thaw: hibernated in"))

    // Another variable: before its main, and with nothing at all cold, on the data as they are.
    #expect(try node.start("\(options) -e XTDB_LOGGING_LEVEL=DEBUG").contains("thaw: warm: "))
    #expect(try ask(node, "SELECT name FROM people") == "Grace")
    _ = try node.stop("--time 30")
    #expect(try node.start("-v people:/var/lib/xtdb").contains("thaw: cold: "))
    #expect(
      try ask(node, "SELECT count(*) FROM people FOR ALL SYSTEM_TIME FOR ALL VALID_TIME") != "1")
    try node.remove()
  }

  private func ask(_ node: BuiltImage, _ statement: String) throws -> String {
    try node.lines(statement, user: "xtdb", database: "xtdb").first ?? ""
  }
}
