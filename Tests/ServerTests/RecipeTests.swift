import FoundationEssentials
import Linux
import Testing

@testable import Server

struct `Recipes` {
  static let full = """
    recipe: 1
    name: ledger
    summary: A small SQL server
    server:
      command: [java, -Xmx256m, -cp, "a.jar:lib/*", clojure.main, -m, ledger.main]
      arguments: [-f, config.yaml]
      environment: {LEDGER_LOG: info, PORT: 5432, EMPTY: ""}
      working-directory: /usr/local/lib/ledger/
      user: "20000:20000"
    ports: [5432, {port: 8080, name: health}, 3000]
    data: [/var/lib/ledger]
    temporary: [/tmp]
    ready:
      within: 90s
      probes:
        - postgresql: {port: 5432, user: ledger, password: secret, database: books, query: SELECT 2}
        - http: {port: 8080, path: /healthz/ready, status: 200}
        - tcp: {host: "::1", port: 3000}
        - command: [pg_isready, -q]
    first-answer:
      http: {port: 8080}
    warm-up:
      within: 60s
      steps:
        - sql: {port: 5432, user: ledger, statements: [SELECT 1, "SELECT 2; SELECT 3"], protocol: simple}
          repeat: 50
          within: 20s
        - http: {port: 3000, path: "/?a=b", method: POST, headers: {Accept: text/html}, body: hello}
        - command: [sh, -c, "true"]
    before-freeze:
      - command: [sync, "$THAW_SERVER_PID"]
      - jcmd: GC.run
    after-thaw:
      - http: {port: 3000, path: "/node/$THAW_ID", method: POST}
    max-age: 720h
    stop: {signal: INT, within: 5s}
    clock: continuous
    memory: copy
    """

  @Test func `every key is read`() throws {
    let recipe = try Recipe.parse(Array(Self.full.utf8), file: "recipe.yaml")
    #expect(recipe.name == "ledger")
    #expect(recipe.summary == "A small SQL server")
    #expect(
      recipe.server
        == Recipe.Program(
          command: [
            "java", "-Xmx256m", "-cp", "a.jar:lib/*", "clojure.main", "-m", "ledger.main",
          ],
          arguments: ["-f", "config.yaml"],
          environment: ["LEDGER_LOG": "info", "PORT": "5432", "EMPTY": ""],
          workingDirectory: "/usr/local/lib/ledger", user: try #require(.init("20000:20000"))))
    #expect(recipe.ports == [.init(5432), .init(8080, name: "health"), .init(3000)])
    #expect(recipe.data == ["/var/lib/ledger"])
    #expect(recipe.temporary == ["/tmp"])
    #expect(recipe.maxAge == .minutes(720 * 60))
    let told = recipe.afterThaw.map { $0.replacing("$THAW_ID", with: "a1") }
    #expect(told.map(\.title) == ["POST http://127.0.0.1:3000/node/a1"])
    #expect(recipe.ready.within == .seconds(90))
    let target = PostgreSQLTarget(
      endpoint: Endpoint(port: 5432), user: "ledger", password: "secret", database: "books")
    #expect(
      recipe.ready.probes == [
        .postgresql(target, query: "SELECT 2"),
        .http(HTTPRequest(endpoint: Endpoint(port: 8080), path: "/healthz/ready", status: 200)),
        .tcp(Endpoint(host: "::1", port: 3000)),
        .command(["pg_isready", "-q"]),
      ])
    #expect(recipe.firstAnswer == .http(HTTPRequest(endpoint: Endpoint(port: 8080))))
    #expect(recipe.warmUp.within == .seconds(60))
    let open = PostgreSQLTarget(endpoint: Endpoint(port: 5432), user: "ledger")
    #expect(open.database == "ledger")
    let statements = ["SELECT 1", "SELECT 2", "SELECT 3"]
    #expect(
      recipe.warmUp.steps == [
        Step(
          .sql(.init(target: open, statements: statements, form: .simple)), repetitions: 50,
          within: .seconds(20)),
        Step(
          .http(
            HTTPRequest(
              endpoint: Endpoint(port: 3000), path: "/?a=b", method: "POST",
              headers: ["Accept": "text/html"], body: "hello"))),
        Step(.command(["sh", "-c", "true"])),
      ])
    #expect(
      recipe.beforeFreeze == [Step(.command(["sync", "$THAW_SERVER_PID"])), Step(.jcmd("GC.run"))])
    #expect(recipe.stop == Recipe.Stop(signal: .interrupt, within: .seconds(5)))
    #expect(recipe.clock == .continuous)
    #expect(recipe.memory == .copy)
  }

  @Test func `what is left out has its default`() throws {
    let text = """
      recipe: 1
      name: a
      server: {command: [x]}
      ready: {probes: [tcp: {port: 80}, http: {port: 81}, tcp: {port: 80}]}
      """
    let recipe = try Recipe.parse(Array(text.utf8), file: "recipe.yaml")
    #expect(recipe.server.user == .root)
    #expect(recipe.server.words() == ["x"])
    #expect(recipe.ready.within == .seconds(120))
    #expect(recipe.ports == [.init(80), .init(81)])
    #expect(recipe.firstAnswer == .tcp(Endpoint(port: 80)))
    #expect(recipe.warmUp.steps.isEmpty)
    #expect(recipe.stop == Recipe.Stop(signal: .terminate, within: .seconds(10)))
    #expect(recipe.clock == .forward)
    #expect(recipe.memory == .map)
    #expect(
      recipe
        == Recipe(
          name: "a", command: ["x"],
          ready: [
            .tcp(Endpoint(port: 80)), .http(HTTPRequest(endpoint: Endpoint(port: 81))),
            .tcp(Endpoint(port: 80)),
          ]))
  }

  @Test func `a recipe survives JSON as it is`() throws {
    let recipe = try Recipe.parse(Array(Self.full.utf8), file: "recipe.yaml")
    let json = try JSONEncoder().encode(recipe)
    #expect(try JSONDecoder().decode(Recipe.self, from: json) == recipe)
    let plain = Recipe(name: "shop", command: ["java", "-jar", "shop.jar"])
    #expect(try JSONDecoder().decode(Recipe.self, from: JSONEncoder().encode(plain)) == plain)
  }

  @Test func `its JSON has the keys of the YAML file`() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var recipe = Recipe(
      name: "shop", command: ["shop"], ready: [.tcp(Endpoint(port: 80))],
      within: .milliseconds(1500))
    recipe.warmUp = WarmUp(
      steps: [
        Step(
          .sql(
            .init(
              target: PostgreSQLTarget(endpoint: Endpoint(port: 5432), user: "me"),
              statements: ["SELECT 1"], form: .extended)), repetitions: 3)
      ])
    let json = String(decoding: try encoder.encode(recipe), as: UTF8.self)
    let endpoint = #"{"host":"127.0.0.1","port":5432}"#
    #expect(
      json == """
        {"before-freeze":[],"clock":"forward","data":[],\
        "first-answer":{"tcp":{"host":"127.0.0.1","port":80}},\
        "memory":"map","name":"shop","ports":[{"port":80}],\
        "ready":{"probes":[{"tcp":{"host":"127.0.0.1","port":80}}],"within":"1.5s"},\
        "recipe":1,\
        "server":{"arguments":[],"command":["shop"],"environment":{},"user":"0:0"},\
        "stop":{"signal":"SIGTERM","within":"10s"},"temporary":[],\
        "training":{"steps":[]},\
        "warm-up":{"steps":[{"action":{"sql":{"protocol":"extended","statements":["SELECT 1"],\
        "target":{"database":"me","endpoint":\(endpoint),"user":"me"}}},"repeat":3}]}}
        """)
  }

  @Test func `JSON of another version is refused`() throws {
    let json = Data(#"{"recipe":2,"name":"a","server":{"command":["x"]}}"#.utf8)
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Recipe.self, from: json)
    }
    #expect("\(try #require(error))".contains("this Thaw reads recipes of version 1, found 2"))
  }

  @Test(arguments: ["a", "ledger", "XTDB-2.2_x", "0"])
  func `a name is letters, digits, dots and dashes`(name: String) {
    #expect(Recipe.isValidName(name))
  }

  @Test(arguments: [
    "", ".", "..", "-a", "a/b", "a b", "ä", "a\0", String(repeating: "a", count: 101),
  ])
  func `a name that could be a path or an option is none`(name: String) {
    #expect(!Recipe.isValidName(name))
  }

  @Test func `given arguments take the place of the default ones`() {
    let program = Recipe.Program(command: ["java", "main"], arguments: ["-f", "config.yaml"])
    #expect(program.words() == ["java", "main", "-f", "config.yaml"])
    #expect(program.words(replacingArguments: ["-h"]) == ["java", "main", "-h"])
    #expect(program.words(replacingArguments: []) == ["java", "main"])
  }
}
