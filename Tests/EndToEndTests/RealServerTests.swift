import Linux
import TestBed
import Testing

/// Servers as users have them: a JVM on this machine, and the sample image.
@Suite(.engine, .serialized, .timeLimit(.minutes(5)))
struct RealServerTests {
  private static let program = """
    import com.sun.net.httpserver.HttpServer;
    import java.net.InetSocketAddress;
    public class Site {
      public static void main(String[] words) throws Exception {
        var server = HttpServer.create(new InetSocketAddress(8080), 0);
        server.createContext("/", exchange -> {
          var bytes = "hello".getBytes();
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
        server.setExecutor(java.util.concurrent.Executors.newFixedThreadPool(4));
        server.start();
      }
    }
    """

  @Test(.enabled(if: Machine.has("java", "javac"), "needs a JDK: java and javac"))
  func `a JVM of this machine is thawed with its threads`() throws {
    let bed = try Bed()
    try FileSystem.writeFile(bed.folder / "Site.java", Array(Self.program.utf8))
    let compiled = try Spawn(
      "javac", ["-d", bed.folder.path.string, "\(bed.folder / "Site.java")"]
    )
    .run(deadline: .after(.seconds(60)))
    try #require(compiled.isSuccess, "\(compiled.errorText)")
    let freeze = try bed.thaw(
      "freeze", "--name", "site", "--ready", "http://127.0.0.1:8080/", "--", "java",
      "-XX:+UseSerialGC", "-Xmx64m", "-XX:-UsePerfData", "-cp", bed.folder.path.string, "Site")
    #expect(freeze.isSuccess, "\(freeze.errorText)")
    for _ in 1...2 {
      let run = try bed.thaw("run", "-d", "--rm", "--name", "one", "site")
      #expect(run.isSuccess && run.text.contains("hot"), "\(run.text)\(run.errorText)")
      #expect(try bed.get("/") == "hello")
      #expect(try bed.thaw("stop", "one").isSuccess)
    }
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test(
    .staticExecutable,
    .enabled(if: Machine.ledgerImage != nil, "needs the sample's image: make image"))
  func `the ledger is thawed and answers`() throws {
    let bed = try Bed()
    let image = "oci:\(Machine.ledgerImage ?? ""):latest"
    let recipe = try FileSystem.resolve("Recipes/ledger").string
    let freeze = try bed.thaw(
      ["freeze", "--recipe", recipe, "--image", image], within: .seconds(200))
    #expect(freeze.isSuccess, "\(freeze.errorText)")
    let run = try bed.thaw("run", "-d", "--rm", "--name", "one", "ledger")
    #expect(run.isSuccess && run.text.contains("hot"), "\(run.text)\(run.errorText)")
    #expect(try bed.get("/healthz/ready", port: 8080) != nil)
    #expect(try bed.thaw("stop", "one").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 2)
  }
}
