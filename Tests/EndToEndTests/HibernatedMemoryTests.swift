import Linux
import TestBed
import Testing

/// What a hibernation does with memory that is not the server's alone: its parent's file, segments of System V.
@Suite(.engine, .serialized, .timeLimit(.minutes(5)))
struct HibernatedMemoryTests {
  /// A JVM that counts, and keeps what it was asked.
  private static let counter = """
    import com.sun.net.httpserver.HttpServer;
    import java.net.InetSocketAddress;
    import java.util.ArrayList;
    public class Counter {
      public static void main(String[] words) throws Exception {
        var kept = new ArrayList<byte[]>();
        var server = HttpServer.create(new InetSocketAddress(8080), 0);
        server.createContext("/", exchange -> {
          kept.add(new byte[1 << 20]);
          var text = String.valueOf(kept.size()).getBytes();
          exchange.sendResponseHeaders(200, text.length);
          exchange.getResponseBody().write(text);
          exchange.close();
        });
        server.start();
      }
    }
    """

  @Test(.enabled(if: Machine.has("java", "javac"), "needs a JDK: java and javac"))
  func `a compacted server needs its parent no more, and goes on with the same memory`() throws {
    let bed = try Bed()
    let source = bed.folder / "Counter.java"
    try FileSystem.writeFile(source, Array(Self.counter.utf8))
    let compiled = try Spawn("javac", ["-d", bed.folder.path.string, source.string])
      .run(deadline: .after(.seconds(60)))
    #expect(compiled.isSuccess, "\(compiled.errorText)")
    let frozen = try bed.thaw(
      "freeze", "--name", "web", "--ready", "http://127.0.0.1:8080/", "--", "java",
      "-XX:+UseSerialGC", "-Xmx64m", "-XX:-UsePerfData", "-cp", bed.folder.path.string, "Counter")
    #expect(frozen.isSuccess, "\(frozen.errorText)")
    #expect(try bed.thaw("run", "-d", "--rm", "--name", "one", "web").isSuccess)
    let count = try #require(Int(try bed.get("/") ?? ""))
    #expect(try bed.thaw("hibernate", "one").isSuccess)
    #expect(try bed.thaw("ls").text.contains("hot on "))
    #expect(try bed.thaw("ls", "--json").text.contains(#""parent":"#))
    #expect(try bed.thaw("inspect", "one").text.contains("whose memory file it maps"))
    let refused = try bed.thaw("rm", "web")
    #expect(refused.errorText.contains("thaw compact one"), "\(refused.errorText)")
    let compacted = try bed.thaw("compact", "one")
    #expect(compacted.isSuccess, "\(compacted.errorText)")
    #expect(try bed.thaw("rm", "web").isSuccess)
    #expect(try !bed.thaw("ls").text.contains("hot on "))
    let run = try bed.thaw("run", "-d", "--rm", "--name", "two", "one")
    #expect(run.text.contains("hot"), "\(run.text)\(run.errorText)")
    // Once asked for the first answer.
    #expect(try bed.get("/") == "\(count + 2)")
    #expect(try bed.thaw("stop", "two").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  /// The folder with PostgreSQL's programs; nil where it is not installed.
  private static let postgreSQL: Path? = {
    let root: Path = "/usr/lib/postgresql"
    // Not installed: the test is skipped.
    return ((try? FileSystem.list(root)) ?? []).sorted().last.map { root / $0 / "bin" }
  }()

  @Test(
    .enabled(if: postgreSQL != nil && Machine.has("psql"), "needs postgresql, postgresql-client"))
  func `PostgreSQL goes on with rows and System V memory, through two generations`() throws {
    let bed = try Bed()
    let data = "/var/tmp/hibernated-postgresql"
    let script = """
      set -e
      cd \(Self.postgreSQL ?? "")
      [ -d \(data) ] || ./initdb --no-sync -D \(data) -A trust -U postgres
      echo 'host all all all trust' >>\(data)/pg_hba.conf
      exec ./postgres -D \(data) -p 5433 -k /tmp -c 'listen_addresses=*'
      """
    try FileSystem.changeMode(bed.folder.path, 0o755)
    try FileSystem.writeFile(bed.folder / "start.sh", Array(script.utf8), mode: 0o755)
    let database = "postgresql://postgres@127.0.0.1:5433/postgres"
    let frozen = try bed.thaw(
      "freeze", "--name", "db", "--user", "postgres", "--ready", database, "--", "sh",
      "\(bed.folder / "start.sh")")
    #expect(frozen.isSuccess, "\(frozen.errorText)")
    #expect(try bed.thaw("run", "-d", "--rm", "--name", "one", "db").isSuccess)
    #expect(try bed.run("psql", "-c", "create table kept (n int)", database).isSuccess)
    for generation in 1...2 {
      let insert = "insert into kept values (\(generation))"
      #expect(try bed.run("psql", "-c", insert, "-c", "checkpoint", database).isSuccess)
      let hibernated = try bed.thaw("hibernate", "one")
      #expect(hibernated.isSuccess, "\(hibernated.errorText)")
      let restored = try bed.thaw("restore", "-d", "--rm", "--name", "one", "one")
      #expect(restored.isSuccess, "\(restored.errorText)")
      let highest = try bed.run("psql", "-Atc", "select max(n) from kept", database)
      #expect(highest.text == "\(generation)\n", "\(highest.errorText)")
    }
    let server = try #require(
      Processes.descendants(of: bed.first).first {
        Processes.arguments(of: $0).first?.contains("postgres") == true
      })
    #expect(try FileSystem.readText(Path("/proc/\(server)/maps")).contains("/SYSV"))
    #expect(try bed.thaw("stop", "one").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 2)
  }
}
