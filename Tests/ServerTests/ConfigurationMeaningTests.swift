import Linux
import Server
import Testing

@Suite struct ConfigurationMeaningTests {
  private func yaml(_ text: String) throws -> [UInt8] {
    try Configuration(Array(text.utf8), file: "config.yaml").meaning
  }

  private func edn(_ text: String) -> [UInt8]? { EDNText.meaning(Array(text.utf8)) }

  @Test(arguments: [
    "server:\n  port: 5432\nlog: !Local\n  path: '/a'\n",
    "# a comment\nserver: {port: 5432}   # another\n\nlog: !Local {path: '/a'}\n",
    "{server: {port: 5432}, log: !Local {path: \"/a\"}}",
  ])
  func `comments and layout of YAML say nothing`(text: String) throws {
    #expect(try yaml(text) == yaml("server: {port: 5432}\nlog: !Local {path: '/a'}"))
  }

  @Test(arguments: [
    "server: {port: 5433}\nlog: !Local {path: '/a'}",
    "server: {port: '5432'}\nlog: !Local {path: '/a'}",
    "server: {port: 5432}\nlog: !Remote {path: '/a'}",
    "server: {port: 5432}\nlog: {path: '/a'}",
    "log: !Local {path: '/a'}\nserver: {port: 5432}",
    "server: {port: 5432}\nlog: !Local {path: '/a #b'}",
    "server: {port: 5432}\nlog: !Local {path: ['/a']}",
    "server: {port: 5432}",
    "",
  ])
  func `any other YAML is another`(text: String) throws {
    #expect(try yaml(text) != yaml("server: {port: 5432}\nlog: !Local {path: '/a'}"))
  }

  @Test func `one list is not another of the same words`() throws {
    #expect(try yaml("[[a], b]") != yaml("[[a, b]]"))
    #expect(try yaml("[ab, c]") != yaml("[a, bc]"))
    #expect(try yaml("[ab1p1, c]") != yaml("[ab, 1p1c]"))
  }

  @Test(arguments: [
    "{:port 5432 :name \"a; b\"}", "; a comment\n{:port   5432,\n\t:name \"a; b\"} ; another",
    "{:port 5432 ;}\n :name \"a; b\"}", " { :port 5432 :name \"a; b\"\n}\n",
  ])
  func `comments and layout of EDN say nothing`(text: String) {
    #expect(edn(text) == edn("{:port 5432 :name \"a; b\"}"))
  }

  @Test(arguments: [
    "{:port 5433 :name \"a; b\"}", "{:port 5432 :name \"a;  b\"}", "{:port 5432 :name \"a\"}",
    "{:port 54 32 :name \"a; b\"}", "{:port 5432 :name \"a; b\\\"\"}",
  ])
  func `any other EDN is another`(text: String) {
    #expect(edn(text) != edn("{:port 5432 :name \"a; b\"}"))
  }

  @Test func `characters begin neither a comment nor a string in EDN`() {
    #expect(edn("[\\; 1]") == Array("[\\; 1]".utf8))
    #expect(edn("[\\\" 1 ; \"\n]") == Array("[\\\" 1]".utf8))
    #expect(edn("[\\( 1 \\) ]") == Array("[\\( 1 \\)]".utf8))
    #expect(edn("[\"a\\\"; b\"]") == Array("[\"a\\\"; b\"]".utf8))
  }

  @Test func `a string without an end says nothing that could be compared`() {
    #expect(edn("{:name \"a") == nil)
  }
}
