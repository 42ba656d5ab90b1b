import Linux
import Testing

@testable import Server

struct `Bad recipes` {
  private static let head = "recipe: 1\nname: a\nserver: {command: [x]}\n"

  private func problems(_ text: String) -> String? {
    let error = #expect(throws: RecipeError.self) {
      try Recipe.parse(Array(text.utf8), file: "recipe.yaml", folder: "/nowhere")
    }
    return error?.description
  }

  @Test(arguments: [
    ("", "recipe.yaml: expected a recipe, found nothing"),
    ("- a", "recipe.yaml:1:1: expected the keys of a recipe, found a list"),
    ("hello", "recipe.yaml:1:1: expected the keys of a recipe, found \"hello\""),
    (
      "recipe: 1",
      """
      recipe.yaml:1:1: the key `name` is missing here
      recipe.yaml:1:1: the key `server` is missing here
      """
    ),
    (
      "recipe: 2\nname: a\nserver: {command: [x]}",
      "recipe.yaml:1:9: this Thaw reads recipes of version 1, found 2"
    ),
    (
      "recipe: one\nname: a b\nserver: {command: [x]}",
      """
      recipe.yaml:1:9: expected the format's version from 1 to 2147483647, found "one"
      recipe.yaml:2:7: expected a name of letters, digits, `.`, `_` and `-` such as ledger, found "a b"
      """
    ),
    (
      "recipe: 1\nname: a\nserver: {comand: [x], user: {}}",
      """
      recipe.yaml:3:9: the key `command` is missing here
      recipe.yaml:3:10: unknown key `comand`, did you mean `command`?
      recipe.yaml:3:29: expected a user such as 20000:20000 or xtdb, found a mapping
      """
    ),
    (
      "recipe: 1\nname: a\nserver: {command: java -jar x}",
      "recipe.yaml:3:19: expected a command as a list of words such as [java, -jar, server.jar], found \"java -jar x\""
    ),
    (
      "recipe: 1\nname: a\nserver: {command: []}",
      "recipe.yaml:3:19: expected a command as a list of words such as [java, -jar, server.jar], found an empty list"
    ),
    (
      "recipe: 1\nname: a\nserver: {command: [\"\", b]}",
      "recipe.yaml:3:20: expected the name of a program, found \"\""
    ),
    (
      "recipe: 1\nname: a\nserver: {command: [x, [y]]}",
      "recipe.yaml:3:23: expected a word of a command, found a list"
    ),
    (
      "recipe: 1\nname: a\nserver: {command: [x, ~, \"a\\0b\"]}",
      """
      recipe.yaml:3:23: expected a word of a command, found "~"
      recipe.yaml:3:26: expected a word of a command, found one with a zero byte
      """
    ),
    (
      "recipe: 1\nname: a\nserver: {command: [x], working-directory: lib, environment: {A=B: 1, C: }}",
      """
      recipe.yaml:3:43: expected an absolute path, without . and .., found "lib"
      recipe.yaml:3:62: expected a name, found "A=B"
      recipe.yaml:3:73: expected a text, found nothing
      """
    ),
  ])
  func `a wrong head is told`(text: String, expected: String) {
    #expect(problems(text) == expected)
  }

  @Test(arguments: [
    ("redy: 1", "recipe.yaml:4:1: unknown key `redy`, did you mean `ready`?"),
    ("Ready: 1", "recipe.yaml:4:1: unknown key `Ready`, did you mean `ready`?"),
    ("warmup: 1", "recipe.yaml:4:1: unknown key `warmup`, did you mean `warm-up`?"),
    (
      "<<: {}",
      "recipe.yaml:4:1: unknown key `<<`, known here: recipe, name, title, summary, image, server, configuration, ports, data, temporary, ready, first-answer, warm-up, training, before-freeze, before-hibernate, after-thaw, max-age, warm, ahead, variants, stop, clock, memory"
    ),
    ("name: b", "recipe.yaml:4:1: the key `name` is there already, in line 2"),
    ("[a]: b", "recipe.yaml:4:1: expected a key, found a list"),
    ("summary: \"a\\nb\"", "recipe.yaml:4:10: expected a text on one line, found \"a\\nb\""),
    ("summary: !Env X", "recipe.yaml:4:10: expected a text, found the tag !Env"),
    ("ports: 80", "recipe.yaml:4:8: expected a list of ports, found \"80\""),
    ("ports: !x [80]", "recipe.yaml:4:8: expected a list of ports, found the tag !x"),
    (
      "ports: [0, 65536, x, 80, 80, {prt: 1}]",
      """
      recipe.yaml:4:9: expected a port from 1 to 65535, found "0"
      recipe.yaml:4:12: expected a port from 1 to 65535, found "65536"
      recipe.yaml:4:19: expected a port from 1 to 65535, found "x"
      recipe.yaml:4:26: the port 80 is there already
      recipe.yaml:4:30: the key `port` is missing here
      recipe.yaml:4:31: unknown key `prt`, did you mean `port`?
      """
    ),
    (
      "data:",
      "recipe.yaml:4:6: expected a list of folders, found nothing"
    ),
    (
      "data: [/, data, /a/../b, /a]",
      """
      recipe.yaml:4:8: expected an absolute path of a folder below /, without . and .., found "/"
      recipe.yaml:4:11: expected an absolute path of a folder below /, without . and .., found "data"
      recipe.yaml:4:17: expected an absolute path of a folder below /, without . and .., found "/a/../b"
      """
    ),
    (
      "stop: {signal: TREM, within: soon}",
      """
      recipe.yaml:4:16: expected a signal such as TERM, found "TREM"
      recipe.yaml:4:30: expected a duration such as 30s, found "soon"
      """
    ),
    ("clock: back", "recipe.yaml:4:8: expected forward or continuous, found \"back\""),
    ("memory: [map]", "recipe.yaml:4:9: expected map or copy, found a list"),
    (
      "ready: {within: 10}",
      "recipe.yaml:4:8: the key `probes` is missing here\nrecipe.yaml:4:17: expected a duration such as 30s, found \"10\""
    ),
    (
      "ready: {probes: [tcp]}",
      "recipe.yaml:4:18: expected a probe such as tcp: {port: 5432}, found \"tcp\""
    ),
    ("ready: {probes: [{}]}", "recipe.yaml:4:18: expected one of tcp, http, postgresql, command"),
    (
      "ready: {probes: [tpc: {port: 1}]}",
      "recipe.yaml:4:18: unknown key `tpc`, did you mean `tcp`?"
    ),
    (
      "ready: {probes: [{tcp: {port: 1}, http: {port: 2}}]}",
      "recipe.yaml:4:35: expected one kind of probe, found `tcp` and `http`"
    ),
    (
      "first-answer: {http: {port: 1, path: a b, method: get, status: 99, headers: {Connection: x, \"a b\": y, C: \"x\\ny\"}}}",
      """
      recipe.yaml:4:38: expected a path that begins with / and is percent-encoded, found "a b"
      recipe.yaml:4:51: expected a method such as GET, found "get"
      recipe.yaml:4:64: expected a status from 200 to 599, found "99"
      recipe.yaml:4:78: the header `Connection` is set by Thaw
      recipe.yaml:4:93: expected a name, found "a b"
      recipe.yaml:4:106: expected a value on one line
      """
    ),
    (
      "first-answer: {postgresql: {port: 1, host: a b}}",
      """
      recipe.yaml:4:28: the key `user` is missing here
      recipe.yaml:4:44: expected a host such as 127.0.0.1, found "a b"
      """
    ),
    (
      "warm-up: {steps: [{sql: {port: 1, user: a}, repeat: 0}]}",
      """
      recipe.yaml:4:25: the key `file` or `statements` is missing here
      recipe.yaml:4:53: expected a count from 1 to 1000000, found "0"
      """
    ),
    (
      "warm-up: {steps: [sql: {port: 1, user: a, file: x.sql, statements: [SELECT 1]}]}",
      """
      recipe.yaml:4:49: the file "x.sql" cannot be read: No such file or directory (ENOENT)
      recipe.yaml:4:56: expected either `file` or `statements`
      """
    ),
    (
      "warm-up: {steps: [sql: {port: 1, user: a, statements: [\"SELECT 'x\"], protocol: fast}]}",
      """
      recipe.yaml:4:56: not a whole statement: a quote ' that nothing ends
      recipe.yaml:4:80: expected simple or extended, found "fast"
      """
    ),
    (
      "warm-up: {steps: [sql: {port: 1, user: a, statements: []}]}",
      "recipe.yaml:4:43: expected at least one statement"
    ),
    (
      "before-freeze: [tcp: {port: 1}]",
      "recipe.yaml:4:17: unknown key `tcp`, did you mean `http`?"
    ),
    (
      "summary: \"\\u202Egnp\\e[31m\"\nx\\y: 1",
      "recipe.yaml:5:1: unknown key `x\\y`, known here: recipe, name, title, summary, image, server, configuration, ports, data, temporary, ready, first-answer, warm-up, training, before-freeze, before-hibernate, after-thaw, max-age, warm, ahead, variants, stop, clock, memory"
    ),
    (
      "clock: \"\\e[31m\\u202Ex\"",
      "recipe.yaml:4:8: expected forward or continuous, found \"\\u{1b}[31m\\u{202e}x\""
    ),
    (
      "a: [",
      "recipe.yaml:5:1: not valid YAML: did not find expected node content while parsing a flow node from line 5"
    ),
  ])
  func `a wrong key is told`(text: String, expected: String) {
    #expect(problems(Self.head + text + "\n") == expected)
  }

  @Test func `all problems are told together, up to twenty`() throws {
    let wrong = (0..<25).map { "key\($0): 1\n" }.joined()
    let lines = try #require(problems(Self.head + wrong)).split(separator: "\n")
    #expect(lines.count == 21)
    #expect(lines.first?.hasPrefix("recipe.yaml:4:1: unknown key `key0`") == true)
    #expect(lines.last == "… and 5 more")
  }

  @Test(.timeLimit(.minutes(1))) func `a recipe with thousands of keys is read or refused in time`()
  {
    let keys = { (count: Int) in (0..<count).map { "key\($0): 1\n" }.joined() }
    #expect(problems(Self.head + keys(4000))?.hasSuffix("… and 3980 more") == true)
    #expect(problems(Self.head + keys(6000)) == "recipe.yaml:4999:1: more than 10000 values")
  }

  @Test(.timeLimit(.minutes(1))) func `no damage to a recipe crashes the reader`() {
    let bytes = Array(Recipes.full.utf8)
    var random = SystemRandomNumberGenerator()
    var read = 0
    for _ in 0..<1000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let index = Int.random(in: 0..<damaged.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: damaged[index] = .random(in: .min ... .max, using: &random)
        case 1: damaged.remove(at: index)
        case 2: damaged.insert("[]{}:,&*!|>'\"%@`#- \n".utf8.randomElement() ?? 0, at: index)
        default: damaged.removeSubrange(index..<min(damaged.count, index + 20))
        }
      }
      do throws(RecipeError) {
        _ = try Recipe.parse(damaged, file: "recipe.yaml", folder: "/nowhere")
        read += 1
      } catch {
        #expect(!error.problems.isEmpty && error.problems.count <= 20)
        #expect(!error.description.isEmpty)
      }
    }
    // Damage to a text alone leaves a recipe whole: both ways were taken.
    #expect(read > 0 && read < 1000)
  }
}
