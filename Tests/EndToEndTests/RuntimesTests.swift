import Linux
import TestBed
import Testing

/// Servers that are no JVM, frozen by a command line as users do it: what they had in memory is there after each thaw.
@Suite(.engine, .serialized, .timeLimit(.minutes(5)))
struct RuntimesTests {
  /// Freezes a server as `one`, thaws it twice, and asks it each time.
  private func prove(
    _ bed: Bed, _ options: [String], _ words: [String],
    sourceLocation: SourceLocation = #_sourceLocation, _ check: (Bed) throws -> Void
  ) throws {
    let freeze = try bed.thaw(
      ["freeze", "--name", "one", "--workdir", bed.folder.path.string] + options + ["--"] + words,
      within: .seconds(90))
    try #require(freeze.isSuccess, "\(freeze.errorText)", sourceLocation: sourceLocation)
    for _ in 1...2 {
      let run = try bed.thaw("run", "-d", "--rm", "--name", "thawed", "one")
      #expect(
        run.isSuccess && run.text.contains("hot"), "\(run.text)\(run.errorText)",
        sourceLocation: sourceLocation)
      try check(bed)
      #expect(try bed.thaw("stop", "thawed").isSuccess, sourceLocation: sourceLocation)
    }
    try bed.expectNothingIsLeft(checkpoints: 1, sourceLocation: sourceLocation)
  }

  private func text(_ bed: Bed, _ words: String...) throws -> String {
    let finished = try bed.spawn(words).run(deadline: .after(.seconds(20)))
    return finished.text.trimmingSpace + (finished.isSuccess ? "" : finished.errorText)
  }

  @Test(.enabled(if: Machine.has("python3"), "needs python3"))
  func `Python's web server`() throws {
    let bed = try Bed()
    let words = ["python3", "-m", "http.server", "8000"]
    try prove(bed, ["--ready", "http://127.0.0.1:8000/"], words) { (bed: Bed) throws -> Void in
      #expect(try bed.get("/server.pl", port: 8000)?.contains("use Socket") == true)
      #expect(try bed.get("/", port: 8000)?.contains("client.pl") == true)
    }
  }

  @Test(.enabled(if: Machine.has("redis-server", "redis-cli"), "needs redis-server"))
  func `Redis keeps what was put in before the freeze`() throws {
    let bed = try Bed()
    let words = ["redis-server", "--save", "", "--protected-mode", "no"]
    let ready = ["--ready", "tcp://127.0.0.1:6379", "--ready", "exec:redis-cli set color blue"]
    try prove(bed, ready, words) { (bed: Bed) throws -> Void in
      #expect(try text(bed, "redis-cli", "get", "color") == "blue")
      #expect(try text(bed, "redis-cli", "incr", "visits") == "1")
      #expect(try text(bed, "redis-cli", "incr", "visits") == "2")
    }
  }

  @Test(.enabled(if: Machine.has("node"), "needs nodejs"))
  func `Node goes on counting`() throws {
    let bed = try Bed()
    let source = """
      let count = 0;
      require("http").createServer((request, response) => response.end(String(++count)))
        .listen(8081);
      """
    try FileSystem.writeFile(bed.folder / "counter.js", Array(source.utf8))
    try prove(bed, ["--ready", "http://127.0.0.1:8081/"], ["node", "counter.js"]) {
      (bed: Bed) throws -> Void in
      let first = try #require(Int(try bed.get("/", port: 8081) ?? ""))
      #expect(first > 1)
      #expect(try bed.get("/", port: 8081) == "\(first + 1)")
    }
  }

  /// Stores a blob of five bytes in a registry that keeps all in its memory.
  private static let upload = """
    set -e
    place=$(curl -sfi -X POST http://127.0.0.1:5000/v2/test/blobs/uploads/ |
      sed -n 's/\\r$//; s/^[Ll]ocation: //p')
    curl -sf -X PUT -H 'Content-Type: application/octet-stream' --data-binary hello \
      "$place&digest=sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    """

  @Test(.enabled(if: Machine.has("docker-registry", "curl"), "needs docker-registry, a Go program"))
  func `a registry in Go keeps a blob in memory`() throws {
    let bed = try Bed()
    let settings = "version: 0.1\nstorage: {inmemory: {}}\nhttp: {addr: \":5000\"}\n"
    try FileSystem.writeFile(bed.folder / "registry.yml", Array(settings.utf8))
    try FileSystem.writeFile(bed.folder / "upload.sh", Array(Self.upload.utf8))
    let ready = [
      "--ready", "http://127.0.0.1:5000/v2/", "--ready", "exec:sh \(bed.folder / "upload.sh")",
    ]
    try prove(bed, ready, ["docker-registry", "serve", "\(bed.folder / "registry.yml")"]) {
      (bed: Bed) throws -> Void in
      let digest = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
      #expect(try bed.get("/v2/test/blobs/\(digest)", port: 5000) == "hello")
      #expect(try bed.get("/v2/", port: 5000) == "{}")
    }
  }

  /// The folder with PostgreSQL's programs; nil where it is not installed.
  private static let postgreSQL: Path? = {
    let root: Path = "/usr/lib/postgresql"
    return ((try? FileSystem.list(root)) ?? []).sorted().last.map { root / $0 / "bin" }
  }()

  @Test(
    .enabled(if: postgreSQL != nil && Machine.has("psql"), "needs postgresql, postgresql-client"))
  func `PostgreSQL keeps its rows, its processes and its shared memory`() throws {
    let bed = try Bed()
    let data = "/var/tmp/postgresql"
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
    let query = "drop table if exists kept; create table kept as select 42 as answer"
    let options = [
      "--user", "postgres", "--ready", database, "--ready", "exec:psql -c '\(query)' \(database)",
    ]
    try prove(bed, options, ["sh", "\(bed.folder / "start.sh")"]) { (bed: Bed) throws -> Void in
      #expect(try text(bed, "psql", "-Atc", "select answer from kept", database) == "42")
      let insert = "insert into kept select generate_series(1, 1000)"
      #expect(try text(bed, "psql", "-Atqc", insert, database).isEmpty)
      #expect(try text(bed, "psql", "-Atqc", "checkpoint", database).isEmpty)
      #expect(try text(bed, "psql", "-Atc", "select count(*) from kept", database) == "1001")
      // Six processes, and the segment that keeps a second server from the same data.
      let helpers = "select count(*) from pg_stat_activity where backend_type <> 'client backend'"
      let count = Int(try text(bed, "psql", "-Atc", helpers, database))
      #expect(count == 5)
      let server = try #require(
        Processes.descendants(of: bed.first).first {
          Processes.arguments(of: $0).first?.contains("postgres") == true
        })
      #expect(try FileSystem.readText(Path("/proc/\(server)/maps")).contains("/SYSV"))
    }
  }

  /// Four children of one process, which share their listening socket and a page of memory.
  private static let prefork = """
    import mmap, os, struct, sys
    from http.server import HTTPServer, BaseHTTPRequestHandler
    shared = mmap.mmap(-1, 4096)
    large = bytearray(os.urandom(1 << 20)) * 8
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            count = struct.unpack_from("Q", shared)[0] + 1
            struct.pack_into("Q", shared, 0, count)
            large[count * 4096 % len(large)] ^= 1
            body = f"{count} {os.getpid()} {len(large)}".encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        def log_message(self, *words): pass
    server = HTTPServer(("", 8082), Handler)
    for number in range(4):
        if os.fork() == 0:
            server.serve_forever()
    while True: os.wait()
    """

  @Test(.enabled(if: Machine.has("python3"), "needs python3"))
  func `forked children go on sharing their memory`() throws {
    let bed = try Bed()
    try FileSystem.writeFile(bed.folder / "prefork.py", Array(Self.prefork.utf8))
    try prove(bed, ["--ready", "http://127.0.0.1:8082/"], ["python3", "prefork.py"]) {
      (bed: Bed) throws -> Void in
      let answers = try (1...20).map { _ in try bed.get("/", port: 8082) ?? "none" }
      let words = answers.map { $0.split(separator: " ").compactMap { Int($0) } }
      try #require(words.allSatisfy { $0.count == 3 }, "\(answers)")
      #expect(words.map { $0[0] } == Array(words[0][0]..<words[0][0] + 20))
      #expect(words.allSatisfy { $0[2] == 8 << 20 })
      let pids = Processes.descendants(of: bed.first).filter {
        Processes.arguments(of: $0).first?.hasSuffix("python3") == true
      }
      #expect(pids.count == 5)
    }
  }

  /// A pool of processes with a lock and a number in shared memory that has a deleted file.
  private static let pool = """
    import multiprocessing
    from http.server import HTTPServer, BaseHTTPRequestHandler
    total = multiprocessing.Value("q", 0)
    def add(number):
        with total.get_lock(): total.value += number
    if __name__ == "__main__":
        pool = multiprocessing.Pool(3)
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                pool.map(add, [1] * 10)
                body = str(total.value).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def log_message(self, *words): pass
        HTTPServer(("", 8083), Handler).serve_forever()
    """

  @Test(.enabled(if: Machine.has("python3"), "needs python3"))
  func `a pool of Python processes goes on working together`() throws {
    let bed = try Bed()
    try FileSystem.writeFile(bed.folder / "pool.py", Array(Self.pool.utf8))
    try prove(bed, ["--ready", "http://127.0.0.1:8083/"], ["python3", "pool.py"]) {
      (bed: Bed) throws -> Void in
      let first = try #require(Int(try bed.get("/", port: 8083) ?? ""))
      #expect(try bed.get("/", port: 8083) == "\(first + 10)")
    }
  }
}

extension String {
  fileprivate var trimmingSpace: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
