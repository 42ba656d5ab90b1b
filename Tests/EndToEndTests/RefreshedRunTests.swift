import Checkpoint
import Linux
import TestBed
import Testing

@testable import Images

/// A server that runs is frozen again for a better checkpoint, and goes on whatever becomes of that.
@Suite(.engine, .serialized, .timeLimit(.minutes(8)))
struct RefreshedRunTests {
  /// Answers with how often it was asked, after a time that depends on that: `fewer` times it is slow.
  private static func server(delay: String) -> String {
    #"""
    use strict; use Socket; $| = 1;
    socket(my $s, PF_INET, SOCK_STREAM, 0) or die;
    setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);
    bind($s, sockaddr_in(8080, INADDR_ANY)) or die "bind: $!";
    listen($s, 64);
    my ($count, @open) = (0);
    while (1) {
      accept(my $c, $s) or next;
      my $line = <$c>; while (my $l = <$c>) { last if $l =~ /^\r?$/ }
      next unless defined $line;
      if ($line =~ m{/hold}) { $c->autoflush(1); print $c "held\n"; push @open, $c; next }
      if ($line =~ m{/open}) { print {$open[0]} "still here\n" }
      if ($line =~ m{/write/(\S+)}) { open(my $f, '>>', "/$1") or die; print $f "x"; close $f }
      $count++;
      select(undef, undef, undef, DELAY);
      print $c "HTTP/1.0 200 OK\r\nContent-Length: " . length($count) . "\r\n\r\n$count";
      close $c;
    }
    """#.replacing("DELAY", with: delay)
  }

  private static let quicker = "$count < 30 ? 0.02 : 0"
  private static let slower = "$count < 30 ? 0 : 0.02"

  /// A bed with a checkpoint `web` of a server that gets quicker, or slower.
  private func frozen(delay: String = quicker) throws -> Bed {
    let bed = try Bed()
    try FileSystem.writeFile(bed.server, Array(Self.server(delay: delay).utf8))
    let frozen = try bed.freeze()
    try #require(frozen.isSuccess, "\(frozen.errorText)")
    return bed
  }

  private func run(
    _ bed: Bed, _ rule: String, environment: [String: String] = [:]
  ) throws {
    let run = try bed.thaw(
      "run", "-d", "--name", "one", "--refresh", rule, "web", environment: environment)
    try #require(run.isSuccess && run.text.contains("hot"), "\(run.text)\(run.errorText)")
  }

  private func ask(_ bed: Bed, _ count: Int) throws {
    for _ in 1...count { #expect(try bed.get("/") != nil) }
  }

  /// Waits for the line that tells what became of it.
  private func told(
    _ bed: Bed, _ words: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var log = ""
    let found = try eventually(within: .seconds(60)) {
      log = try bed.thaw("logs", "one").errorText
      return log.contains(words)
    }
    #expect(found, "\(log)", sourceLocation: sourceLocation)
  }

  private func id(_ bed: Bed) throws -> String {
    Path(try FileSystem.readLink(bed.seenRoot / "names/web")).lastComponent
  }

  @Test func `a server that has become faster is the new checkpoint, and goes on undisturbed`()
    throws
  {
    let bed = try frozen()
    let old = try id(bed)
    try run(bed, "after=1h,requests=40")
    let held = try bed.start(
      program: [
        "perl", "-MIO::Socket", "-e",
        #"$| = 1; my $s = IO::Socket::INET->new("127.0.0.1:8080"); print $s "GET /hold\r\n\r\n"; print while <$s>"#,
      ])
    try held.waitFor("held")
    try ask(bed, 45)
    try told(bed, "web is the new checkpoint")
    let new = try id(bed)
    #expect(new != old)
    // It was frozen and went on: with its count, and with the connections that it had.
    #expect(Int(try bed.get("/open") ?? "") ?? 0 >= 46)
    try held.waitFor("still here")
    let log = try bed.thaw("logs", "one").errorText
    #expect(log.contains("connections; it is frozen again") && log.contains("stood still for"))
    let listed = try bed.thaw("ps", "--json").text
    #expect(listed.contains(#""isKept":true"#) && listed.contains(#""pause":"#), "\(listed)")
    let sheet = try bed.thaw("inspect", "--container", "one").text
    #expect(sheet.contains("web is the new checkpoint"), "\(sheet)")
    let inspected = try bed.thaw("inspect", "--checkpoint", "web").text
    #expect(inspected.contains("frozen of one while it ran"), "\(inspected)")

    let other = try bed.thaw("run", "-d", "--rm", "--name", "two", "-p", "8081:8080", "web")
    #expect(other.text.contains("hot"), "\(other.text)\(other.errorText)")
    #expect(Int(try bed.get("/", port: 8081) ?? "") ?? 0 > 40)
    #expect(try bed.thaw("stop", "one", "two").isSuccess)
    // It needs nothing of the one before.
    #expect(!(try bed.names(in: "checkpoints").contains(old)), "nobody needs it any more")
    let alone = try bed.thaw("run", "-d", "--rm", "--name", "two", "web")
    #expect(alone.text.contains("hot"), "\(alone.text)\(alone.errorText)")
    #expect(try bed.thaw("stop", "two").isSuccess)
    // What changed on this machine is a reason to freeze it anew, as ever.
    #expect(try bed.thaw("refresh", "web").text == "web: nothing has changed\n")
    try bed.expectNothingIsLeft(kept: 1, checkpoints: 1)
  }

  @Test func `one that is not faster is not kept, and it is left at that`() throws {
    let bed = try frozen(delay: Self.slower)
    let old = try id(bed)
    try run(bed, "requests=30")
    try ask(bed, 35)
    try told(bed, "not faster, web stays as it was; it is left at that")
    #expect(try id(bed) == old)
    #expect(try bed.thaw("ps", "--json").text.contains(#""isKept":false"#))
    #expect(Int(try bed.get("/") ?? "") ?? 0 > 35)
    #expect(try bed.thaw("stop", "one").isSuccess)
    try bed.expectNothingIsLeft(kept: 1, checkpoints: 1)
  }

  @Test func `a running server is frozen again by the command, and a JSON line tells the figures`()
    throws
  {
    let bed = try frozen()
    #expect(try bed.thaw("run", "-d", "--rm", "--name", "one", "web").isSuccess)
    try ask(bed, 40)
    let done = try bed.thaw("refresh", "--json", "--from", "one", "web")
    try #require(done.isSuccess, "\(done.errorText)")
    let told = try JSONText.decode(Refreshing.Told.self, from: Array(done.text.utf8))
    let now = try id(bed)
    #expect(told.isKept == true && told.id == now)
    let (before, after) = (try #require(told.before), try #require(told.after))
    #expect(after.all < before.all && before.first < before.all)
    #expect((told.pauseMilliseconds ?? 0) > 0)
    // The same server once more: it was thawed from what has lost its name, but is as good as that.
    let again = try bed.thaw("refresh", "--from", "one", "web")
    #expect(again.isSuccess, "\(again.errorText)")
    #expect(try bed.thaw("stop", "one").isSuccess)
  }

  @Test func `who has data is refused, and told what to do`() throws {
    let bed = try Bed()
    let data = (bed.folder / "data").string
    let recipe = try bed.recipe("data: [\(data)]", arguments: ["data=\(data)"])
    #expect(try bed.thaw("freeze", "--recipe", recipe.string).isSuccess)
    let refused = try bed.thaw("run", "--rm", "--refresh", "after=1h", "web")
    #expect(refused.status == .exited(1), "\(refused.errorText)")
    #expect(
      refused.errorText.contains("it has data in \(data)")
        && refused.errorText.contains("--warm-up-time"), "\(refused.errorText)")
    #expect(try bed.thaw("run", "-d", "--rm", "--name", "one", "web").isSuccess)
    let from = try bed.thaw("refresh", "--from", "one", "web")
    #expect(from.status == .exited(1) && from.errorText.contains("it has data in"))
    #expect(try bed.thaw("stop", "one").isSuccess)

    #expect(try bed.freeze().isSuccess)
    let volume = try bed.thaw(
      "run", "--rm", "--refresh", "after=1h", "-v", "books:/books", "web")
    #expect(volume.status == .exited(1) && volume.errorText.contains("it has data on volumes"))
    for rule in ["", "after", "after=0s", "requests=x", "after=1h,after=2h", "often=1"] {
      #expect(try bed.thaw("run", "--refresh", rule, "web").status == .exited(64), "\(rule)")
    }
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `a server that has written files, or was started otherwise, is refused and goes on`()
    throws
  {
    let bed = try frozen()
    #expect(try bed.thaw("run", "-d", "--rm", "--name", "one", "web").isSuccess)
    #expect(try bed.get("/write/tmp/cache") != nil)
    #expect(try bed.get("/write/srv/orders") != nil)
    let refused = try bed.thaw("refresh", "--from", "one", "web")
    #expect(refused.status == .exited(1), "\(refused.errorText)")
    #expect(
      refused.errorText.contains("it has written /srv/orders"), "\(refused.errorText)"
    )
    #expect(try bed.get("/") == "5")
    #expect(try bed.thaw("stop", "one").isSuccess)

    let started = try bed.thaw(
      "run", "-d", "--rm", "--cold", "--refresh", "after=1s", "--name", "one", "web")
    #expect(started.isSuccess, "\(started.errorText)")
    #expect(try bed.thaw("logs", "one").errorText.contains("refresh: left out"))
    let cold = try bed.thaw("refresh", "--from", "one", "web")
    #expect(cold.status == .exited(1) && cold.errorText.contains("it was started cold"))
    #expect(try bed.thaw("stop", "one").isSuccess)

    #expect(try bed.thaw("run", "-d", "--rm", "--name", "one", "web").isSuccess)
    #expect(try bed.freeze().isSuccess)
    let other = try bed.thaw("refresh", "--from", "one", "web")
    #expect(other.status == .exited(1) && other.errorText.contains("was frozen anew since"))
    #expect(try bed.thaw("refresh", "--from", "none", "web").status == .exited(3))
    #expect(try bed.thaw("stop", "one").isSuccess)
    // That of before has lost its name while a server of it ran.
    try bed.expectNothingIsLeft(checkpoints: 2)
  }

  @Test func `a program that was replaced while it ran is not taken for what it was`() throws {
    let bed = try frozen()
    #expect(try bed.thaw("run", "-d", "--rm", "--name", "one", "web").isSuccess)
    let program = try FileSystem.readFile(bed.server)
    try FileSystem.writeFile(bed.server, program + Array("# changed\n".utf8))
    let refused = try bed.thaw("refresh", "--from", "one", "web")
    #expect(refused.status == .exited(1), "\(refused.errorText)")
    #expect(refused.errorText.contains("was changed while it runs"), "\(refused.errorText)")
    #expect(try bed.get("/") != nil)
    #expect(try bed.thaw("stop", "one").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test(arguments: [StandIn.Fault.diesAtDump, .hangsAtDump])
  func `a server goes on when CRIU fails, and it is tried again`(fault: StandIn.Fault) throws {
    let bed = try frozen()
    let old = try id(bed)
    let bundle = try StandIn(fault, in: bed.folder.path).path.string
    try run(bed, "after=1s", environment: ["THAW_BUNDLE": bundle, "THAW_CRIU_TIMEOUT": "2s"])
    try told(bed, "refresh: not done: ")
    let failed = try bed.thaw("ps", "--json").text
    #expect(failed.contains(#""failure":"#), "\(failed)")
    let isAgain = try eventually(within: .seconds(30)) {
      try bed.thaw("logs", "one").errorText.split(separator: "\n")
        .filter { $0.contains("refresh: not done: ") }.count > 1
    }
    #expect(isAgain)
    #expect(try id(bed) == old)
    #expect(try bed.get("/") != nil)
    #expect(try bed.thaw("stop", "one").isSuccess)
    try bed.expectNothingIsLeft(kept: 1, checkpoints: 1)
  }

  @Test(arguments: ["stop", "kill"])
  func `a server that ends meanwhile leaves nothing of it`(how: String) throws {
    let bed = try frozen()
    let old = try id(bed)
    let bundle = try StandIn(.slowAtDump, in: bed.folder.path).path.string
    try run(bed, "after=1s", environment: ["THAW_BUNDLE": bundle])
    try told(bed, "it is frozen again")
    if how == "stop" {
      #expect(try bed.thaw("stop", "one").isSuccess)
    } else {
      let record = try bed.thaw("ps", "--json").text
      let pid = try #require(
        record.split(separator: #""monitor":"#).last?.prefix { $0.isNumber }, "\(record)")
      #expect(try bed.run("kill", "-KILL", String(pid)).isSuccess)
    }
    #expect(try id(bed) == old)
    try bed.expectNothingIsLeft(kept: 1, checkpoints: 1)
  }

  @Test(arguments: ["sys_ptrace", "sys_admin"])
  func `a command without the rights for a dump says so, and the server goes on`(
    right: String
  ) throws {
    let bed = try frozen()
    let old = try id(bed)
    #expect(try bed.thaw("run", "-d", "--rm", "--name", "one", "web").isSuccess)
    let program = try #require(Needs.executable).string
    let refused = try bed.run(
      "setpriv", "--bounding-set=-\(right)", "--inh-caps=-\(right)", program, "--root",
      bed.root.string, "refresh", "--from", "one", "web")
    #expect(refused.status == .exited(1), "\(refused.errorText)")
    #expect(refused.errorText.contains("EPERM"), "\(refused.errorText)")
    #expect(try id(bed) == old)
    #expect(try bed.get("/") == "3")
    #expect(try bed.thaw("stop", "one").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `on a full disk the old checkpoint stays, and the server goes on`() throws {
    let bed = try Bed()
    try bed.mountRoot(size: "400m")
    try FileSystem.writeFile(bed.server, Array(Self.server(delay: Self.quicker).utf8))
    #expect(try bed.freeze().isSuccess)
    #expect(try bed.thaw("run", "-d", "--rm", "--name", "one", "web").isSuccess)
    let old = try id(bed)
    try bed.fillRoot()
    let full = try bed.thaw("refresh", "--from", "one", "web")
    #expect(full.status == .exited(8), "\(full.status) \(full.errorText)")
    try bed.emptyRoot()
    #expect(try id(bed) == old)
    #expect(try bed.get("/") == "3")
    #expect(try bed.thaw("stop", "one").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `a longer warm-up is kept only if it makes the first answers faster`() throws {
    let bed = try frozen(delay: "$count < 60 ? 0.02 : 0")
    let old = try id(bed)
    let none = try bed.thaw("refresh", "--warm-up-time", "1s", "web")
    #expect(none.status == .exited(64) && none.errorText.contains("made without one"))
    let asked = "perl \(bed.folder / "client.pl") 127.0.0.1 8080 /"
    let longer = try bed.thaw(
      ["refresh", "--warm-up-command", asked, "--warm-up-time", "4s", "web"],
      within: .seconds(120))
    #expect(longer.isSuccess && longer.text.contains("web is frozen again"), "\(longer.errorText)")
    let new = try id(bed)
    #expect(new != old)
    #expect(try bed.thaw("inspect", "web").text.contains("after a longer warm-up"))
    // As warm as it gets: nothing is gained by more of it, and what is slower is not kept.
    let slower = try bed.thaw(
      ["refresh", "--warm-up-command", "sleep 0.3", "web"], within: .seconds(120))
    #expect(slower.isSuccess && slower.text.contains("web stays as it was"), "\(slower.text)")
    #expect(try id(bed) == new)
    #expect(try bed.thaw("rm", "web").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 0)
  }

  @Test(.enabled(if: JDK.hasOwn, "needs a JDK: java and javac"))
  func `a JVM's next start has the code that it compiled while it ran`() throws {
    let bed = try Bed()
    try FileSystem.writeFile(bed.folder / "Work.java", Array(Self.work.utf8))
    let compiled = try Spawn(
      "javac", ["-d", bed.folder.path.string, "\(bed.folder / "Work.java")"]
    ).run(deadline: .after(.seconds(60)))
    try #require(compiled.isSuccess, "\(compiled.errorText)")
    let freeze = try bed.thaw(
      "freeze", "--name", "web", "--ready", "http://127.0.0.1:8080/", "--", "java",
      "-XX:+UseSerialGC", "-Xmx64m", "-XX:-UsePerfData", "-cp", bed.folder.path.string, "Work")
    try #require(freeze.isSuccess, "\(freeze.errorText)")
    let old = try id(bed)
    try run(bed, "requests=300")
    let before = try #require(try bed.get("/"))
    let load = try bed.run(
      "perl", "-MIO::Socket", "-e",
      #"for (1 .. 400) { my $s = IO::Socket::INET->new("127.0.0.1:8080") or die; print $s "GET / HTTP/1.0\r\n\r\n"; 1 while <$s> }"#
    )
    #expect(load.isSuccess, "\(load.errorText)")
    try told(bed, "web is the new checkpoint")
    #expect(try id(bed) != old)
    #expect(try bed.get("/") == before, "it goes on")
    let memory = try bed.thaw("inspect", "--memory", "web").text
    #expect(memory.contains("Java heap") && memory.contains("code cache"), "\(memory)")
    let other = try bed.thaw("run", "-d", "--rm", "--name", "two", "-p", "8081:8080", "web")
    #expect(other.text.contains("hot"), "\(other.text)\(other.errorText)")
    #expect(try bed.get("/", port: 8081) == before)
    #expect(try bed.thaw("stop", "one", "two").isSuccess)
    let log = try bed.thaw("logs", "one").errorText
    print(log.split(separator: "\n").filter { $0.contains("refresh") }.joined(separator: "\n"))
    try bed.expectNothingIsLeft(kept: 1, checkpoints: 1)
  }

  /// Sorts words for each answer: slow as long as that is interpreted.
  private static let work = """
    import com.sun.net.httpserver.HttpServer;
    import java.net.InetSocketAddress;
    import java.util.*;
    public class Work {
      static String answer() {
        var random = new Random(1);
        var words = new TreeMap<String, Integer>();
        for (int i = 0; i < 10000; i++) {
          words.merge(Integer.toString(random.nextInt(500), 36), i, Integer::sum);
        }
        long sum = 0;
        for (var entry : words.entrySet()) sum = sum * 31 + entry.hashCode();
        return Long.toString(sum);
      }
      public static void main(String[] arguments) throws Exception {
        var server = HttpServer.create(new InetSocketAddress(8080), 0);
        server.createContext("/", exchange -> {
          var bytes = answer().getBytes();
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
        server.start();
      }
    }
    """
}
