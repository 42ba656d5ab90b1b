import FoundationEssentials
import Testing

@testable import Server

struct `Probe URLs` {
  private static let local = Endpoint(port: 8080)

  @Test(arguments: [
    ("tcp://127.0.0.1:8080", Probe.tcp(local), "tcp://127.0.0.1:8080"),
    ("tcp://[::1]:8080/", .tcp(Endpoint(host: "::1", port: 8080)), "tcp://[::1]:8080"),
    (
      "http://127.0.0.1:8080/a?b=c", .http(HTTPRequest(endpoint: local, path: "/a?b=c")),
      "http://127.0.0.1:8080/a?b=c"
    ),
    (
      "HTTP://localhost", .http(HTTPRequest(endpoint: Endpoint(host: "localhost", port: 80))),
      "http://localhost:80/"
    ),
    (
      "http://localhost?x",
      .http(HTTPRequest(endpoint: Endpoint(host: "localhost", port: 80), path: "/?x")),
      "http://localhost:80/?x"
    ),
    (
      "postgresql://me:p%40ss%3A@127.0.0.1:8080/my%20db",
      .postgresql(
        PostgreSQLTarget(endpoint: local, user: "me", password: "p@ss:", database: "my db"),
        query: "SELECT 1"), "postgresql://me@127.0.0.1:8080/my%20db"
    ),
    (
      "postgres://me@127.0.0.1?query=SELECT%202",
      .postgresql(
        PostgreSQLTarget(endpoint: Endpoint(port: 5432), user: "me"), query: "SELECT 2"),
      "postgresql://me@127.0.0.1:5432/me?query=SELECT%202"
    ),
    (
      "postgresql://me:@127.0.0.1:8080/db",
      .postgresql(
        PostgreSQLTarget(endpoint: local, user: "me", password: "", database: "db"),
        query: "SELECT 1"), "postgresql://me@127.0.0.1:8080/db"
    ),
    ("exec:pg_isready -q", .command(["pg_isready", "-q"]), "exec:pg_isready -q"),
    (
      #"exec:sh -c 'echo "a b" | grep a' "it's $x" \ "#,
      .command(["sh", "-c", #"echo "a b" | grep a"#, "it's $x", " "]),
      #"exec:sh -c 'echo "a b" | grep a' 'it'\''s $x' ' '"#
    ),
  ])
  func `a URL is read and shown without the password`(
    url: String, probe: Probe, shown: String
  ) throws {
    #expect(try Probe(url: url) == probe)
    #expect(probe.description == shown)
    // Written with the password, it reads back.
    #expect(try Probe(url: probe.url) == probe)
  }

  @Test(arguments: [
    ("", "probe \"\": expected \(Probe.urlForms)"),
    ("8080", "probe \"8080\": expected \(Probe.urlForms)"),
    ("localhost:8080", "probe \"localhost:8080\": expected \(Probe.urlForms)"),
    (
      "https://localhost/",
      "probe \"https://localhost/\": TLS is not spoken here; expected \(Probe.urlForms)"
    ),
    ("tcp://localhost", "probe \"tcp://localhost\": expected a port"),
    ("tcp://:80", "probe \"tcp://:80\": expected a host"),
    ("tcp://a:80/x", "probe \"tcp://a:80/x\": expected nothing but a host and a port"),
    ("tcp://a:0", "probe \"tcp://a:0\": expected a port from 1 to 65535, found \"0\""),
    ("tcp://a:+80", "probe \"tcp://a:+80\": expected a port from 1 to 65535, found \"+80\""),
    ("tcp://::1:80", "probe \"tcp://::1:80\": expected a host"),
    ("tcp://[::1]80", "probe \"tcp://[::1]80\": expected a port after ]"),
    ("http://a b/", "probe \"http://a b/\": expected a host"),
    ("http://a/b c", "probe \"http://a/b c\": expected a path of visible ASCII letters without #"),
    ("http://a/#b", "probe \"http://a/#b\": expected a path of visible ASCII letters without #"),
    ("http://me:secret@a/", "probe \"http://…@a/\": expected no user in it"),
    (
      "postgresql://a:5432/x",
      "probe \"postgresql://a:5432/x\": expected a user before the host, as in postgresql://USER@HOST:PORT/DATABASE"
    ),
    (
      "postgresql://me:secret@a:x/db",
      "probe \"postgresql://…@a:x/db\": expected a port from 1 to 65535, found \"x\""
    ),
    ("postgresql://me:%zz@a/db", "probe \"postgresql://…@a/db\": expected %xx in the password"),
    (
      "postgresql://me@a/db/x",
      "probe \"postgresql://…@a/db/x\": expected one database after the host"
    ),
    (
      "postgresql://me@a/db?ssl=on",
      "probe \"postgresql://…@a/db?ssl=on\": expected nothing but query=… after the question mark"
    ),
    ("exec:", "probe \"exec:\": expected a command line with all quotes closed"),
    ("exec:sh 'x", "probe \"exec:sh 'x\": expected a command line with all quotes closed"),
  ])
  func `what is wrong with a URL is told without its password`(url: String, message: String) {
    let error = #expect(throws: RecipeError.self) { try Probe(url: url) }
    #expect(error?.description == message)
  }

  @Test func `a probe moves to published ports`() throws {
    let probe = try Probe(url: "postgresql://me@127.0.0.1:5432/db")
    #expect(
      probe.moved(host: "10.0.0.2", ports: [5432: 15432]).description
        == "postgresql://me@10.0.0.2:15432/db")
    #expect(try Probe(url: "tcp://a:1").moved(host: "b").description == "tcp://b:1")
    #expect(try Probe(url: "http://a:1/x").moved(host: "b").description == "http://b:1/x")
    #expect(Probe.command(["x"]).moved(host: "b") == .command(["x"]))
  }

  @Test(arguments: ["tcp://a:1", "http://a:1/x", "postgresql://a:b@c:1/d?query=x", "exec:a b"])
  func `a probe survives JSON as it is`(url: String) throws {
    let probe = try Probe(url: url)
    #expect(try JSONDecoder().decode(Probe.self, from: JSONEncoder().encode(probe)) == probe)
  }

  @Test(.timeLimit(.minutes(1))) func `no text crashes the reader`() {
    let letters = Array("postgresql:/@[]?#%:0189abc'\"\\ =&é\u{202E}")
    for _ in 0..<1000 {
      let text = String((0..<Int.random(in: 0..<40)).compactMap { _ in letters.randomElement() })
      for prefix in ["", "tcp://", "http://", "postgresql://", "exec:"] {
        if let probe = try? Probe(url: prefix + text) {
          #expect((try? Probe(url: probe.url)) == probe, "\(prefix + text)")
        }
      }
    }
  }
}
