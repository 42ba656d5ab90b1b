import Arguments
import Images
import Linux
import Terminal
import Testing

@testable import Checkpoint
@testable import thaw

/// The command line: tables, help, wrong lines.
@Suite struct CommandLineTests {
  @Test func `the tables of all verbs are sound`() {
    #expect(program.mistakes == [])
  }

  @Test(arguments: program.commands.filter { !$0.isHidden }.map(\.name))
  func `each verb explains itself`(_ verb: String) throws {
    let result = try Executable.run([verb, "--help"])
    #expect(result.status == 0)
    #expect(result.errors == "")
    #expect(result.output.contains("Usage: thaw \(verb)"))
    #expect(result.output.contains("Exit codes:"))
  }

  @Test(arguments: [
    "run", "restore", "freeze", "ps", "logs", "stop", "ls", "inspect", "save", "load", "rm",
    "doctor",
    "init",
  ])
  func `the help of a verb has examples`(_ verb: String) throws {
    let result = try Executable.run([verb, "--help"])
    #expect(result.output.contains("Examples:\n  thaw \(verb)"))
  }

  @Test(arguments: [
    (["lss"], "unknown verb 'lss'"), (["ls", "--josn"], "did you mean '--json'?"),
    (["logs"], "missing argument 'NAME'"), (["stop"], "missing argument 'NAME'"),
    (["save"], "missing argument 'CHECKPOINT'"), (["rm"], "missing argument 'NAME'"),
    (["inspect"], "missing argument 'NAME'"),
    (["ps", "shop"], "unexpected argument 'shop'"),
    (["logs", "--tail", "many", "shop"], "expected a whole number"),
    (["logs", "--since", "yesterday", "shop"], "expected a duration"),
    (["stop", "-t", "-1", "shop"], "expected a whole number from 0 to 86400"),
    (["rm", "--container", "--checkpoint", "shop"], "exclude each other"),
    (["inspect", "--verify", "--container", "shop"], "exclude each other"),
  ])
  func `a wrong line says what is wrong and ends with 64`(
    _ words: [String], _ message: String
  ) throws {
    let result = try Executable.run(words)
    #expect(result.status == 64)
    #expect(result.output == "")
    #expect(result.errors.hasPrefix("error: "))
    #expect(result.errors.contains(message))
  }
}

/// Rows of tables, from records made by hand.
@Suite struct TableTests {
  let now = Timestamp(seconds: 1_795_467_600)

  private func record(
    _ name: String, _ state: ContainerRecord.State, tier: String? = nil
  ) -> ContainerRecord {
    var record = ContainerRecord(
      id: "0123456789ab", name: name, image: "shop", arguments: ["java"],
      ports: [
        PublishedPort(hostAddress: "127.0.0.1", hostPort: 18080, containerPort: 8080),
        PublishedPort(hostPort: 5432, containerPort: 5432),
      ])
    record.created = Timestamp(seconds: now.seconds - 200)
    record.state = state
    record.tier = tier
    return record
  }

  private var lines: [ContainerLine] {
    var hot = record("shop-1", .running, tier: "hot")
    hot.started = Timestamp(seconds: now.seconds - 185)
    hot.firstReady = 63.4
    hot.pid = 4711
    var memory = ProcessMemory()
    memory.privateDirty = ByteCount(40_000_000)
    memory.privateClean = ByteCount(5_000_000)
    memory.sharedClean = ByteCount(178_000_000)
    memory.sharedDirty = ByteCount(1_000_000)
    memory.resident = ByteCount(224_000_000)
    var cold = record("shop-2", .exited, tier: "cold")
    cold.tierReason = "kernel: 6.1.0, the checkpoint needs 6.18.44 or later"
    cold.finished = Timestamp(seconds: now.seconds - 120)
    cold.exitCode = 137
    return [
      ContainerLine(hot, checkpoint: "shop", now: now, memory: memory),
      ContainerLine(cold, checkpoint: "shop", now: now),
      ContainerLine(record("shop-3", .created), checkpoint: nil, now: now),
      ContainerLine(record("shop-4", .damaged), checkpoint: nil, now: now),
    ]
  }

  private func text(wide: Bool, _ lines: [ContainerLine]) -> String {
    var table = ContainerLine.table(wide: wide)
    for line in lines { table.add(line.row(wide: wide, now: now)) }
    return table.lines(on: Surface()).joined(separator: "\n")
  }

  @Test func `the table of containers is as it was`() {
    let ports = "127.0.0.1:18080->8080, 0.0.0.0:5432->5432"
    #expect(
      text(wide: false, lines) == """
        NAME    CHECKPOINT  TIER  STATUS                      FIRST ANSWER    OWN  SHARED  PORTS
        shop-1  shop        hot   up 3 min 5 s                       63 ms  45 MB  179 MB  \(ports)
        shop-2  shop        cold  exited (137) 2 minutes ago             -      -       -
        shop-3  -           -     starting                               -      -       -  \(ports)
        shop-4  -           -     damaged                                -      -       -  \(ports)
        """)
  }

  @Test func `the wide table says why a start was cold`() {
    let rows = text(wide: true, lines).split(separator: "\n").map(String.init)
    #expect(rows[0].hasPrefix("NAME    ID            CHECKPOINT"))
    #expect(rows[0].hasSuffix("PID  WHY NOT HOT"))
    #expect(rows[1].hasSuffix("  4711"))
    #expect(rows[2].hasSuffix("kernel: 6.1.0, the checkpoint needs 6.18.44 or later"))
  }

  @Test func `a container is one line of JSON`() throws {
    let text = try JSONLine.text(lines[0])
    for part in [
      #""memory":{"own":45000000,"resident":224000000,"shared":179000000}"#, #""tier":"hot""#,
      #""upSeconds":185"#, #""firstAnswerMilliseconds":63.4"#, #""state":"running""#,
      #""ports":[{"containerPort":8080,"hostAddress":"127.0.0.1","hostPort":18080},"#,
    ] {
      #expect(text.contains(part))
    }
    #expect(!text.contains("\n"))
  }

  @Test func `the table of checkpoints is as it was`() {
    let id = String(repeating: "0a1b", count: 16)
    let damage = CheckpointError(.damaged, "manifest.json", "is missing", fix: "freeze again")
    let whole = Samples.manifest(contents: [
      .init(path: "images/pages-1.img", size: 144_000_000, digest: Digest(of: []))
    ])
    var table = Table.checkpoints
    for stored in [
      CheckpointStore.Stored(id: id, names: ["shop", "till"], path: "/s", state: .whole(whole)),
      CheckpointStore.Stored(id: id, names: [], path: "/s", state: .damaged(damage)),
    ] {
      table.add(CheckpointLine(stored).row(now: now))
    }
    #expect(
      table.lines(on: Surface()).joined(separator: "\n") == """
        NAME        ID            SERVER  TIER       SIZE  COLD START  TRIAL THAW  CREATED      \
        IMAGE
        shop, till  0a1b0a1b0a1b  shop    hot      144 MB       9.6 s       63 ms  2 hours ago  \
        this machine
        -           0a1b0a1b0a1b  -       damaged       -           -           -  -            -
        """)
  }
}
