import Linux
import TestBed
import Testing

/// The real XTDB 1 in Docker, built on a base with sources only: what it was told is there after every restart.
@Suite(
  .containerEngines, .staticExecutable, .serialized, .timeLimit(.minutes(6)),
  .enabled(
    if: Machine.xtdb1Image != nil,
    "needs XTDB 1's image: Examples/xtdb1/image.sh, with its jars in THAW_XTDB1"))
struct XTDB1ImageTests {
  private static let volume = "-v people:/var/lib/xtdb"
  private static let names = "{:query {:find [n] :where [[e :name n]] :order-by [[n :asc]]}}"

  @Test func `a restart on a volume goes on where it stopped, and a cold start is compiled`() throws
  {
    let node = try BuiltImage(.xtdb1)
    #expect(node.progress.contains("classes come from the class-data archive"), "\(node.progress)")
    try restarts(node)
    try cold(node)
  }

  /// Three containers, one after the other, on one volume.
  private func restarts(_ node: BuiltImage) throws {
    let options = "\(Self.volume) \(BuiltImage.confined)"
    #expect(try node.start(options).contains("thaw: hot: thawed in"))
    #expect(try ask(node, "query", Self.names) == "[]\n")
    try tell(node, "Ada", 36, "2020-01-01")
    try tell(node, "Ada", 37, "2021-01-01")
    for name in ["Grace", "Edsger"] {
      let stopped = try node.stop()
      #expect(stopped.log.contains("thaw: hibernated in"), "\(stopped.log)")
      #expect(stopped.status == "0")
      let log = try node.start(options)
      #expect(log.contains("thaw: hot: ") && log.contains("where it was hibernated"), "\(log)")
      // Told after the restart of a node that was thawed: the next container has that, too.
      try tell(node, name, 85, "2020-01-01")
    }
    let stopped = try node.stop()
    #expect(stopped.log.contains("thaw: hibernated in"), "\(stopped.log)")
  }

  /// The data of all containers, found by one that may not thaw anything: on the disk, not only in frozen memory.
  private func cold(_ node: BuiltImage) throws {
    let log = try node.start(Self.volume)
    #expect(log.contains("thaw: cold: "), "\(log)")
    #expect(try ask(node, "query", Self.names) == "[[\"Ada\"] [\"Edsger\"] [\"Grace\"]]\n")
    let history = try ask(node, "entity?eid-edn=:Ada&history=true&with-docs=true")
    let first = try #require(history.firstRange(of: ":age 36"))
    let second = try #require(history.firstRange(of: ":age 37"))
    #expect(first.lowerBound < second.lowerBound)
    #expect(try ask(node, "entity?eid-edn=:Ada&valid-time=2020-06-01").contains(":age 36"))
    let mapped = try node.inside("sh -c 'cat /proc/[0-9]*/maps'")
    #expect(mapped.contains("/usr/local/lib/thaw/ahead.jsa"))
    try node.remove()
  }

  /// Puts a person, and waits until that is in the index.
  private func tell(_ node: BuiltImage, _ name: String, _ age: Int, _ since: String) throws {
    let put =
      "{:tx-ops [[:xtdb.api/put {:xt/id :\(name) :name \"\(name)\" :age \(age)} #inst \"\(since)\"]]}"
    #expect(try ask(node, "submit-tx", put).hasPrefix("{:xtdb.api/tx-id "))
    #expect(try !ask(node, "sync?timeout=10000").isEmpty)
    #expect(try ask(node, "query", Self.names).contains("[\"\(name)\"]"))
  }

  /// What XTDB's API answers through the published port; with a body it is a POST.
  private func ask(_ node: BuiltImage, _ path: String, _ body: String? = nil) throws -> String {
    let post = body.map { ["--data-binary", $0] } ?? []
    let words = ["curl", "-fsS", "-m", "20", "http://127.0.0.1:13000/_xtdb/\(path)"]
    let asked = try node.bed.run(words + post)
    try #require(asked.isSuccess, "\(path): \(asked.errorText)")
    return asked.text
  }
}
