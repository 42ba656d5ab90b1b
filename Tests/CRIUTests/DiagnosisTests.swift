import Testing

@testable import CRIU

@Suite struct DiagnosisTests {
  /// Lines of real logs, and what they mean.
  @Test(arguments: [
    (
      "(00.012) Error (criu/cr-restore.c:1290): Can't fork for 15: File exists",
      CRIUError.Code.pidTaken, "pid"
    ),
    (
      "(00.01) Error (a.c:1): Can't open /proc/sys/kernel/ns_last_pid: Read-only file system",
      .refused, "seccomp"
    ),
    (
      "pie: 4: Error (criu/pie/restorer.c:300): Unable to drop capability 0", .refused,
      "CAP_SETPCAP"
    ),
    (
      "(00.001) Error (a.c:1): CRIU needs CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE",
      .refused, "CAP_CHECKPOINT_RESTORE"
    ),
    (
      "(00.1) Error (criu/cr-dump.c:5): Can't get rlimit 0: Operation not permitted", .refused,
      "user of the process"
    ),
    (
      "(00.1) 7: Error (criu/files-reg.c:1): File var/log/x has bad size 3 (expect 9)",
      .damagedImage, "file"
    ),
    (
      "(00.1) 7: Error (criu/files-reg.c:1): File x has bad mode 0100600 (expect 0100644)",
      .damagedImage, "permissions"
    ),
    ("(00.1) Error (criu/image.c:1): Magic doesn't match for pstree.img", .damagedImage, "anew"),
    (
      "(00.1) 4: Error (a.c:2): Can't open file srv/x on restore: No such file or directory",
      .missingImage, "Restore the file"
    ),
    ("(00.1) Error (criu/cr-restore.c:2331): Restoring FAILED.", .failed, "log level 4"),
  ])
  func `a line of the log tells what it was`(line: String, code: CRIUError.Code, fix: String) {
    let log = Log(
      request: Request(.restore), lines: ["(00.00) a line of no interest", line], complaints: [])
    let error = log.error(for: Answer())
    #expect(error.code == code)
    #expect(error.fix.contains(fix), "\(error.fix)")
    #expect(error.cause.map { line.hasSuffix($0) } == true)
    #expect(error.log.count == 2)
  }

  @Test func `harmless errors and summaries are not the cause`() {
    let log = Log(
      request: Request(.restore),
      lines: [
        "Error (a.c:1): rlimit: Can't setup RLIMIT_NOFILE for self: Operation not permitted",
        "(00.1) Error (criu/net.c:9): Unable create a veth pair: Operation not permitted",
        "(00.2) Error (criu/x.c:9): The one that matters", "(00.3) Error (criu/y.c:9): Another",
        "(00.4) Error (criu/cr-restore.c:2331): Restoring FAILED.",
      ], complaints: [])
    let error = log.error(for: Answer())
    #expect(error.cause == "The one that matters" && error.code == .failed)
  }

  @Test(arguments: [
    (Int32(3), CRIUError.Code.noSuchProcess), (17, .pidTaken), (56, .badOptions), (0, .failed),
    (5, .failed),
  ])
  func `CRIU's error number decides where there is one`(number: Int32, code: CRIUError.Code) throws
  {
    var response = Message(.criuResp)
    response.set("cr_errno", number: number)
    response.set("cr_errmsg", text: "Error (criu/cr-service.c:1): something\n")
    let error = Log(request: Request(.dump), lines: [], complaints: [])
      .error(for: Answer(response: response))
    #expect(error.code == code)
    #expect(error.cause == "something")
    #expect(error.number == (number == 0 ? nil : number))
  }

  @Test func `an error tells what, why, what to do, and the log's end`() {
    let error = CRIUError(
      .pidTaken, subject: "restore from /i", cause: "Can't fork for 15: File exists", number: 17,
      log: ["a", "b"])
    #expect(
      error.description == """
        restore from /i: Can't fork for 15: File exists
        End the process that has the pid, or restore in a pid namespace of its own.
        CRIU's log ends with:
          a
          b
        """)
    #expect(
      CRIUError(.notFound, subject: "x").description.hasPrefix(
        "x: CRIU was not found\nInstall CRIU"))
  }
}
