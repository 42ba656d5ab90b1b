import FoundationEssentials
import Linux
import TestBed
import Testing

/// Ten servers of one checkpoint at once.
@Suite(.engine, .serialized, .timeLimit(.minutes(5)))
struct CloneTests {
  /// A line of `thaw clone --json`, in part.
  private struct Clone: Decodable {
    struct Port: Decodable {
      var hostPort: Int
      var containerPort: Int
    }

    var name: String
    var tier: String
    var ports: [Port]

    func port(_ number: Int) -> Int { ports.first { $0.containerPort == number }?.hostPort ?? 0 }
  }

  private func clones(_ finished: Finished) throws -> [Clone] {
    try #require(finished.isSuccess, "\(finished.errorText)")
    return try finished.text.split(separator: "\n").map {
      try JSONDecoder().decode(Clone.self, from: Data($0.utf8))
    }
  }

  @Test func `ten clones have ports and state of their own`() throws {
    let bed = try Bed()
    #expect(try bed.freeze(["--ready", "http://127.0.0.1:8080/memory"]).isSuccess)
    let clones = try clones(try bed.thaw("clone", "--rm", "-n", "10", "--json", "web"))
    #expect(clones.map(\.name) == (1...10).map { "web-\($0)" })
    #expect(clones.allSatisfy { $0.tier == "hot" })
    #expect(Set(clones.map { $0.port(8080) }).count == 10)
    var first: [Int] = []
    for clone in clones {
      first.append(try #require(Int(try bed.get("/memory", port: clone.port(8080)) ?? "")))
    }
    // Each was asked once since its thaw, for its first answer; and as often as those before it were not.
    #expect(Set(first).count == 1, "\(first)")
    for _ in 1...5 { _ = try bed.get("/memory", port: clones[3].port(8080)) }
    #expect(try bed.get("/memory", port: clones[3].port(8080)) == "\(first[3] + 6)")
    #expect(try bed.get("/memory", port: clones[4].port(8080)) == "\(first[4] + 1)")
    #expect(try bed.thaw(["stop"] + clones.map(\.name)).isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `if one clone cannot be started none is left`() throws {
    let bed = try Bed()
    #expect(try bed.freeze().isSuccess)
    #expect(try bed.thaw("run", "-d", "--rm", "--name", "web-3", "web").isSuccess)
    let failed = try bed.thaw("clone", "--rm", "-n", "4", "web")
    #expect(failed.status == .exited(4), "\(failed.text)\(failed.errorText)")
    #expect(failed.errorText.contains("web-3"))
    #expect(try bed.thaw("ps", "-q").text == "web-3\n")
    #expect(try bed.thaw("stop", "web-3").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test(.enabled(if: Machine.has("java", "psql"), "needs java and psql"))
  func `ten databases share their memory but not their data`() throws {
    let bed = try Bed()
    try freezeDatabase(bed)
    let clones = try clones(try bed.thaw("clone", "--rm", "-n", "10", "--json", "h2"))
    #expect(clones.count == 10)
    #expect(clones.allSatisfy { $0.tier == "hot" })
    for (number, clone) in clones.enumerated() {
      try query(bed, clone, "create table mine (number int)")
      try query(bed, clone, "insert into mine values (\(number))")
    }
    for (number, clone) in clones.enumerated() {
      #expect(try query(bed, clone, "select number from mine") == "\(number)\n")
    }
    let servers = Processes.descendants(of: bed.first).filter {
      Processes.arguments(of: $0).first?.hasSuffix("java") == true
    }
    #expect(servers.count == 10)
    var all = ProcessMemory()
    for server in servers { all = all + (try Processes.memory(of: server)) }
    // Shared pages count once in the one sum and ten times in the other.
    #expect(
      all.proportional.bytes * 10 < all.resident.bytes * 6,
      "\(all.proportional) of \(all.resident), own \(all.own)")
    #expect(try bed.thaw(["stop"] + clones.map(\.name)).isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @discardableResult
  private func query(_ bed: Bed, _ clone: Clone, _ statement: String) throws -> String {
    let address = "postgresql://sa:sa@127.0.0.1:\(clone.port(5435))/main"
    let finished = try bed.run("psql", "-Atqc", statement, address)
    #expect(finished.isSuccess, "\(clone.name): \(finished.errorText)")
    return finished.text
  }
}
