import FoundationEssentials
import Linux
import TestBed
import Testing

@testable import Images

struct SeccompTests {
  private static let file = Path(#filePath).parent.parent.parent / "Images/seccomp.json"

  private func allowed(
    _ capabilities: Set<Capability> = [], architecture: String = "x86_64"
  ) throws -> [String: [Seccomp.Filter.Rule]] {
    let filter = try Seccomp.standard().filter(
      capabilities: capabilities, architecture: architecture, kernel: KernelVersion(6, 1))
    var found: [String: [Seccomp.Filter.Rule]] = [:]
    for rule in filter.syscalls where rule.action == "SCMP_ACT_ALLOW" {
      for name in rule.names { found[name, default: []].append(rule) }
    }
    return found
  }

  @Test func `what is compiled in is the file that Docker is given`() throws {
    #expect(try Seccomp.load(Self.file) == Seccomp.standard())
    #expect(try FileSystem.readFile(Self.file) == PackageResources.seccomp_json)
  }

  @Test func `the file is found beside the installed program and in a checkout`() throws {
    try withTemporaryDirectory { folder in
      let (built, installed) = (folder / "tree/.build/release/thaw", folder / "usr/bin/thaw")
      #expect(Seccomp.file(beside: built) == nil)
      for name in ["tree/Images", "usr/share/thaw"] {
        try FileSystem.makeDirectory(folder / name, parents: true)
        try FileSystem.writeFile(folder / name / "seccomp.json", [])
      }
      // Any folder may hold a file of that name; a checkout has its package beside it.
      #expect(Seccomp.file(beside: built) == nil)
      try FileSystem.writeFile(folder / "tree/Package.swift", [])
      #expect(Seccomp.file(beside: built) == folder / "tree/Images/seccomp.json")
      #expect(Seccomp.file(beside: installed) == folder / "usr/share/thaw/seccomp.json")
    }
  }

  @Test func `all is denied but what is allowed, and clone3 always is`() throws {
    let filter = try Seccomp.standard().filter(capabilities: [], architecture: "x86_64")
    #expect(filter.defaultAction == "SCMP_ACT_ERRNO")
    #expect(filter.defaultErrnoRet == 1)
    #expect(filter.architectures == ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"])
    let fewer = try Seccomp.standard()
      .filter(capabilities: [], architecture: "x86_64", leavesOut: [Seccomp.slow])
    #expect(fewer.architectures == ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"])
    #expect(filter.syscalls.allSatisfy { $0.action == "SCMP_ACT_ALLOW" })
    let rules = try #require(try allowed()["clone3"])
    #expect(rules.count == 1)
    #expect(rules[0].args == nil)
  }

  @Test(arguments: [
    "read", "execve", "mmap", "futex", "accept4", "rt_sigaction", "ptrace", "kcmp", "arch_prctl",
    "clone", "socket", "personality", "io_submit", "set_tid_address", "seccomp", "statx",
  ])
  func `ordinary calls are allowed`(name: String) throws {
    #expect(try allowed()[name] != nil)
  }

  @Test(arguments: [
    "kexec_load", "keyctl", "add_key", "request_key", "io_uring_setup", "userfaultfd", "mount",
    "umount2", "pivot_root", "setns", "unshare", "bpf", "perf_event_open", "reboot", "init_module",
    "open_by_handle_at", "syslog", "settimeofday", "swapon", "acct", "nfsservctl", "iopl",
  ])
  func `calls that reach beyond a container are not`(name: String) throws {
    #expect(try allowed([.checkpointRestore, .setPCAP, .netAdmin])[name] == nil)
  }

  @Test(arguments: [
    (Capability.sysAdmin, ["mount", "umount2", "setns", "unshare", "bpf", "fsopen", "syslog"]),
    (.sysPtrace, ["pidfd_getfd", "process_madvise"]),
    (.sysTime, ["settimeofday", "clock_settime", "stime"]),
    (.sysModule, ["init_module", "finit_module", "delete_module"]),
    (.sysBoot, ["reboot"]), (.sysChroot, ["chroot"]), (.sysPacct, ["acct"]),
    (.sysNice, ["mbind", "get_mempolicy"]), (.sysRawio, ["iopl", "ioperm"]),
    (.sysTtyConfig, ["vhangup"]), (.syslog, ["syslog"]), (.bpf, ["bpf"]),
    (.perfmon, ["perf_event_open"]), (.dacReadSearch, ["open_by_handle_at"]),
  ])
  func `a capability brings its calls`(capability: Capability, names: [String]) throws {
    let (without, with) = (try allowed(), try allowed([capability]))
    for name in names {
      #expect(without[name] == nil, "\(name)")
      #expect(with[name] != nil, "\(name)")
    }
  }

  @Test func `arguments are compared where a call may do too much`() throws {
    let rules = try allowed()
    let clone = try #require(rules["clone"]?.first?.args)
    #expect(clone == [.init(index: 0, value: 0x7E02_0000, op: "SCMP_CMP_MASKED_EQ")])
    #expect(try allowed([.sysAdmin])["clone"]?.contains { $0.args == nil } == true)
    #expect(rules["socket"]?.first?.args == [.init(index: 0, value: 40, op: "SCMP_CMP_NE")])
    let personalities = try #require(rules["personality"]).compactMap { $0.args?.first?.value }
    #expect(personalities == [0, 8, 0x2_0000, 0x2_0008, 0xFFFF_FFFF])
  }

  @Test func `other machines have calls of their own`() throws {
    #expect(try allowed(architecture: "aarch64")["arch_prctl"] == nil)
    #expect(try allowed(architecture: "aarch64")["cacheflush"] != nil)
    let s390 = try allowed(architecture: "s390x")
    #expect(s390["clone"]?.first?.args?.first?.index == 1)
    #expect(try allowed(architecture: "riscv64")["riscv_flush_icache"] != nil)
  }

  @Test func `old kernels let a tracer pass by, and do not get ptrace`() throws {
    let standard = try Seccomp.standard()
    let names = { (kernel: KernelVersion) in
      standard.filter(capabilities: [], kernel: kernel).syscalls.flatMap(\.names)
    }
    #expect(!names(KernelVersion(4, 7)).contains("ptrace"))
    #expect(names(KernelVersion(4, 8)).contains("ptrace"))
  }

  @Test func `no call has two rules without a condition, and names are in order`() throws {
    let profile = try JSONDecoder().decode(
      Seccomp.Profile.self, from: Data(FileSystem.readFile(Self.file)))
    var seen: Set<String> = []
    for rule in profile.syscalls {
      let names = rule.allNames.map { String($0.drop { $0 == "_" }) }
      #expect(names == names.sorted(), "\(names)")
      guard rule.args == nil, rule.includes == nil, rule.excludes == nil else { continue }
      for name in names { #expect(seen.insert(name).inserted, "\(name)") }
    }
    #expect(seen.count == 362)
  }

  @Test(arguments: [
    ("", "not a seccomp profile"), ("{", "not a seccomp profile"), ("[]", "not a seccomp profile"),
    (#"{"syscalls": []}"#, "`defaultAction` is missing in the file"),
    (#"{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["x"]}]}"#, "syscalls.[0]"),
    (
      #"{"defaultAction": "A", "architectures": [], "archMap": [], "syscalls": []}"#,
      "both `architectures` and `archMap`"
    ),
  ])
  func `a bad profile is told`(text: String, reason: String) throws {
    let error = #expect(throws: EngineError.self) {
      _ = try Seccomp(json: Array(text.utf8), subject: "mine.json")
    }
    #expect(error?.code == .badProfile)
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    #expect(error?.subject == "mine.json")
  }

  @Test func `a file that is not there is told`() {
    let error = #expect(throws: EngineError.self) { _ = try Seccomp.load("/no/such/profile") }
    #expect(error?.code == .badProfile)
  }
}

/// Prints what some system calls give in the container, as error numbers.
private let seccompProbe = """
  #define _GNU_SOURCE
  #include <errno.h>
  #include <sched.h>
  #include <signal.h>
  #include <stdio.h>
  #include <sys/socket.h>
  #include <sys/syscall.h>
  #include <sys/wait.h>
  #include <unistd.h>
  struct args { unsigned long long flags, pidfd, child_tid, parent_tid, exit_signal, rest[6]; };
  int main(void) {
    struct args args = {.exit_signal = SIGCHLD};
    long pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid == 0) _exit(0);
    printf("clone3 %d\\n", pid > 0 ? 0 : errno);
    if (pid > 0) waitpid(pid, NULL, 0);
    // CRIU tries 32-bit calls; a filter that does not know them kills.
    int status = 0;
    if ((pid = fork()) == 0) {
      long number = 20;
      __asm__ volatile("int $0x80" : "+a"(number) : : "memory", "r8", "r9", "r10", "r11");
      _exit(0);
    }
    waitpid(pid, &status, 0);
    printf("int80 %d\\n", WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
    errno = 0, syscall(SYS_keyctl, 0, -1, 0, 0, 0), printf("keyctl %d\\n", errno);
    errno = 0, syscall(SYS_kexec_load, 0, 0, 0, 0), printf("kexec_load %d\\n", errno);
    errno = 0, unshare(CLONE_NEWUSER), printf("unshare %d\\n", errno);
    errno = 0, socket(40, SOCK_STREAM, 0), printf("vsock %d\\n", errno);
    errno = 0, socket(AF_INET, SOCK_STREAM, 0), printf("inet %d\\n", errno);
    return 0;
  }
  """

@Suite(.enabled(if: Needs.programs, "\(Needs.programsText)"), .timeLimit(.minutes(1)))
struct SeccompInForceTests {
  @Test func `runc puts the profile in force`() async {
    await #expect(processExitsWith: .success) {
      let box = try Box()
      let source = box.folder / "probe.c"
      try FileSystem.writeFile(source, Array(seccompProbe.utf8))
      let built = try Spawn("cc", ["-static", "-o", (box.rootfs / "probe").string, source.string])
        .run(deadline: .after(.seconds(50)))
      try #require(built.isSuccess, "\(built.errorText)")
      let confined = try box.run("/probe; grep Seccomp: /proc/self/status") {
        $0.seccomp = try? Seccomp.standard()  // not read: the test fails by what it sees
        $0.noNewPrivileges = true
        $0.identity = .init(user: 20_000, group: 20_000)
        $0.capabilities = [.checkpointRestore]
      }
      #expect(
        confined.text == """
          clone3 0
          int80 0
          keyctl 1
          kexec_load 1
          unshare 1
          vsock 1
          inet 0
          Seccomp:\t2

          """)
      let free = try box.run("/probe; grep Seccomp: /proc/self/status")
      #expect(!free.text.contains("keyctl 1\n"))
      #expect(free.text.contains("unshare 0"))
      #expect(free.text.contains("Seccomp:\t0"))
    }
  }
}
