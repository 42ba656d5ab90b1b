import Arguments
import CRIU
import Images
import Linux
import TestBed
import Terminal
import Testing

@testable import Checkpoint
@testable import thaw

/// What the doctor makes of what it finds.
@Suite(.timeLimit(.minutes(1))) struct DoctorTests {
  static let verdicts: [(Check, Check.Verdict)] = [
    (Doctor.user(0), .ok), (Doctor.user(1000), .missing),
    (Doctor.capabilities(Set(Capability.allCases)), .ok),
    (Doctor.capabilities(Set(Capability.allCases).subtracting([.sysResource])), .ok),
    (Doctor.capabilities([.sysAdmin, .netAdmin]), .missing),
    (Doctor.userNamespace("         0          0 4294967295"), .ok),
    (Doctor.userNamespace("         0       1000          1"), .missing),
    (Doctor.userNamespace(nil), .warning),
    (Doctor.noNewPrivileges(true), .note), (Doctor.noNewPrivileges(false), .ok),
    (Doctor.seccomp(mode: 0), .ok), (Doctor.seccomp(mode: 2), .warning),
    (Doctor.seccomp(mode: 1), .missing),
    (Doctor.clone3(true, canChoosePIDs: false), .ok),
    (Doctor.clone3(false, canChoosePIDs: true), .warning),
    (Doctor.clone3(false, canChoosePIDs: false), .missing),
    (Doctor.ptrace(nil), .ok), (Doctor.ptrace("2"), .ok), (Doctor.ptrace("3"), .missing),
    (Doctor.kernel(KernelVersion(6, 18), release: "6.18"), .ok),
    (Doctor.kernel(KernelVersion(5, 15), release: "5.15"), .warning),
    (Doctor.kernel(KernelVersion(5, 10), release: "5.10"), .missing),
    (Doctor.lastPID(isWritable: true), .ok), (Doctor.lastPID(isWritable: false), .warning),
    (Doctor.pids(32768), .ok), (Doctor.pids(2000), .warning), (Doctor.pids(nil), .warning),
    (Doctor.cgroups([]), .missing), (Doctor.clock(upTime: .seconds(60)), .ok),
    (Doctor.forwarding("1", isWritable: false), .ok),
    (Doctor.forwarding("0", isWritable: true), .ok),
    (Doctor.forwarding("0", isWritable: false), .missing),
    (Doctor.space(.mebibytes(9000), root: "/s"), .ok),
    (Doctor.space(.mebibytes(900), root: "/s"), .warning),
    (Doctor.space(.mebibytes(9), root: "/s"), .missing),
    (Doctor.runc(.said("runc version 1.3.6+ds1")), .ok),
    (Doctor.runc(.said("runc version 1.1.5+ds1")), .missing),
    (Doctor.runc(.failed("execve: No such file or directory (ENOENT)")), .missing),
    (Doctor.imageTool("skopeo", .said("skopeo version 1.22.0")), .ok),
    (Doctor.imageTool("umoci", .failed("gone")), .warning),
    (Doctor.criuVersion(.init(version: Version(4, 2, 1))), .ok),
    (Doctor.criuVersion(.init(version: Version(4, 1, 1))), .missing),
    (Doctor.criuVersion(.init(failure: "no such file")), .missing),
    (Doctor.criuCheck(.init(check: .passed)), .ok),
    (Doctor.criuCheck(.init(check: .passedUnprivileged(complaint: "no tun"))), .warning),
    (Doctor.criuCheck(.init(check: .failed("no CONFIG_CHECKPOINT_RESTORE"))), .missing),
    (Doctor.criuCheck(.init()), .note),
  ]

  @Test(arguments: verdicts)
  func `each finding has its verdict, and a fix if one is due`(
    _ check: Check, _ verdict: Check.Verdict
  ) {
    #expect(check.verdict == verdict)
    #expect((check.fix != nil) == (verdict == .warning || verdict == .missing))
    #expect(!check.found.isEmpty && check.fix?.isEmpty != true)
  }

  @Test func `a line has verdict, name, what was found and the fix`() {
    let check = Check.missing("nft", "not there", fix: "apt-get install nftables")
    #expect(
      check.line(on: Surface())
        == "missing  nft                not there -> apt-get install nftables")
    #expect(Check.ok("user", "root").line(on: Surface()) == "ok       user               root")
  }

  @Test func `missing capabilities are named`() {
    let most = Set(Capability.allCases).subtracting([.sysTime, .checkpointRestore])
    #expect(Doctor.capabilities(most).found == "without SYS_TIME, CHECKPOINT_RESTORE")
  }

  @Test(arguments: [
    ("runc version 1.3.6+ds1", "1.3.6"), ("ip utility, iproute2-6.1.0, libbpf 1.1.2", "6.1.0"),
    ("nftables v1.0.6 (Lester Gooch #5)", "1.0.6"), ("docker 28.5.2", "28.5.2"),
    ("no number", "no number"),
  ])
  func `versions are found in what tools say`(_ text: String, _ version: String) {
    #expect(Doctor.toolVersion(in: text) == version)
  }

  @Test func `the reason of CRIU's check is its last error`() {
    let text = """
      Warn  (criu/net.c:3837): net: Unable to get tun network namespace
      Error (criu/net.c:4151): net: Unable to create a veth pair: -1
      Error (criu/cr-check.c:1056): Can't turn TCP repair mode ON: Operation not permitted
      Warn  (criu/cr-check.c:1680): Does not look good.
      """
    #expect(
      Doctor.CRIUReport.reason(in: text)
        == "Can't turn TCP repair mode ON: Operation not permitted")
    #expect(Doctor.CRIUReport.reason(in: "Looks good.") == nil)
  }

  @Test func `damaged and foreign checkpoints are named`() {
    let id = String(repeating: "0a1b", count: 16)
    let damage = CheckpointError(.damaged, "manifest.json", "is missing", fix: "freeze again")
    var host = HostFacts.current()
    host.processorFeatures.append("avx8192")
    let store = { (name: String, state: CheckpointStore.Stored.State) in
      CheckpointStore.Stored(id: id, names: [name], path: "/s", state: state)
    }
    let whole = store("shop", .whole(Samples.manifest()))
    let check = { Doctor.checkpoints($0, host: .current()) }
    #expect(check([]).verdict == .ok && check([whole]).verdict == .ok)
    let damaged = check([whole, store("till", .damaged(damage))])
    #expect(damaged.verdict == .warning && damaged.fix?.hasSuffix("thaw rm till") == true)
    let foreign = check([whole, store("desk", .whole(Samples.manifest(host: host)))])
    #expect(foreign.verdict == .warning && foreign.found.hasSuffix("suit: desk"))
  }

  @Test func `without the bundle it says how to make it`() throws {
    try withTemporaryDirectory { folder in
      let result = try Executable.run(
        ["doctor", "--quiet"], root: folder, environment: ["THAW_BUNDLE": "/nonexistent"])
      #expect(result.status == (Machine.isRoot ? 7 : 77))
      #expect(
        result.lines.contains {
          $0.hasPrefix("missing  bundle ") && $0.contains("Setup/bundle.sh")
        })
    }
  }

  @Test func `it leaves nothing behind in the folder that it looks at`() throws {
    try withTemporaryDirectory { folder in
      let result = try Executable.run(["doctor", "--json"], root: folder)
      #expect([0, 7, 77].contains(result.status))
      #expect(result.lines.count > 25)
      #expect(
        result.lines.allSatisfy { $0.hasPrefix(#"{"check":""#) && $0.contains(#""verdict":""#) })
      let isWell = !result.output.contains(#""verdict":"missing""#)
      #expect(isWell == (result.status == 0))
      #expect(try FileSystem.list(folder) == [])
    }
  }
}
