import Linux
import Testing

@testable import Server

struct `A server's configuration` {
  private func configuration(_ text: String) throws -> Configuration {
    try Configuration(
      Array(text.utf8), file: "config.yaml", environment: ["XTDB_PORT": "15432", "EMPTY": ""])
  }

  @Test func `XTDB's own file is read`() throws {
    let config = try configuration(
      """
      server: {host: '*', port: 5432}
      flightSql: {host: '*', port: 3000}
      log: !Local
        path: "/var/lib/xtdb/log"
      storage: !Local
        path: "/var/lib/xtdb/buffers"
      healthz: {host: '*', port: 8080}
      """)
    #expect(config.port("server.port") == 5432)
    #expect(config.text("server.host") == "*")
    #expect(config.tag("log") == "Local")
    #expect(config.text("log.path") == "/var/lib/xtdb/log")
    #expect(config.integer("healthz.port") == 8080)
    #expect(config.text("healthz.path") == nil)
    #expect(config[path: "log.path"]?.mark == .init(line: 4, column: 9))
  }

  @Test func `tags, lists, merged keys and variables are found`() throws {
    let config = try configuration(
      """
      base: &base {port: 1, tls: no}
      server: {<<: *base, port: !Env XTDB_PORT, name: !Env NOT_SET, on: true}
      nodes: [{host: a}, {host: b, ports: [1, 2]}]
      none: ~
      """)
    #expect(config.port("server.port") == 15432)
    #expect(config.text("server.name") == nil)
    #expect(config.tag("server.name") == "Env")
    #expect(config.text("server.tls") == "no")
    #expect(config.boolean("server.on") == true)
    #expect(config.boolean("server.tls") == nil)
    #expect(config.text("nodes[1].host") == "b")
    #expect(config.integer("nodes[1].ports[1]") == 2)
    #expect(config.text("none") == nil)
    for missing in [
      "nodes[2].host", "nodes[-1]", "nodes[x]", "nodes.host", "", ".", "server..port",
    ] {
      #expect(config[path: missing] == nil, "\(missing)")
    }
  }

  @Test func `a merge that goes round in circles ends`() throws {
    // YAML itself allows no circle, but a long chain.
    var text = "a0: &a0 {x: 1}\n"
    for level in 1...20 { text += "a\(level): &a\(level) {<<: *a\(level - 1)}\n" }
    let config = try configuration(text)
    #expect(config.text("a8.x") == "1")
    #expect(config.text("a20.x") == nil)
  }

  @Test func `an empty file has nothing in it`() throws {
    #expect(try configuration("").root.mapping == [])
    #expect(try configuration("# nothing").text("a") == nil)
  }

  @Test func `what is no YAML or no file is told`() {
    let wrong = #expect(throws: RecipeError.self) { try configuration("a: [") }
    #expect(wrong?.description.hasPrefix("config.yaml:2:1: not valid YAML: ") == true)
    let missing = #expect(throws: RecipeError.self) { try Configuration.load("/nowhere/x.yaml") }
    #expect(
      missing?.description
        == "/nowhere/x.yaml: cannot be read: No such file or directory (ENOENT)")
    let folder = #expect(throws: RecipeError.self) { try Configuration.load("/") }
    #expect(folder?.description == "/: cannot be read: Is a directory (EISDIR)")
    #expect(throws: RecipeError.self) { try Configuration.load("/dev/zero") }
  }
}
