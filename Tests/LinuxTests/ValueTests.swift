import Linux
import Testing

@Suite struct ValueTests {
  @Test(arguments: [
    (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (9_949, "9.9 kB"), (9_950, "10 kB"),
    (144_000_000, "144 MB"), (999_949, "1.0 MB"), (999_400, "999 kB"), (1_450_000_000, "1.5 GB"),
    (UInt64.max, "18 EB"),
  ])
  func `a byte count is told in three digits`(bytes: UInt64, text: String) {
    #expect(ByteCount(bytes).description == text)
  }

  @Test func `byte counts never wrap`() {
    #expect(ByteCount(UInt64.max) + ByteCount(1 as Int) == ByteCount(UInt64.max))
    #expect(ByteCount(1 as Int) - ByteCount(2 as Int) == .zero)
    #expect(ByteCount(-5 as Int64) == .zero)
  }

  @Test(arguments: [
    ("SIGTERM", 15), ("TERM", 15), ("term", 15), ("15", 15), ("SIGRTMIN+3", 37), ("WINCH", 28),
  ])
  func `a signal is known by name and number`(name: String, number: Int32) throws {
    #expect(try #require(Signal(name: name)).rawValue == number)
  }

  @Test(arguments: ["", "SIG", "NOPE", "0", "65", "-1", "RTMIN+99"])
  func `what is no signal is refused`(name: String) {
    #expect(Signal(name: name) == nil)
  }

  @Test func `signal names go both ways`() {
    for number in Int32(1)...31 {
      let signal = Signal(rawValue: number)
      #expect(Signal(name: signal.name) == signal)
    }
  }

  @Test func `a capability has its name`() throws {
    #expect(Capability.checkpointRestore.name == "CAP_CHECKPOINT_RESTORE")
    #expect(Capability(name: "cap_sys_admin") == .sysAdmin)
    #expect(Capability(name: "NET_ADMIN") == .netAdmin)
    #expect(Capability(name: "CAP_NOTHING") == nil)
    #expect(Capability.allCases.count == 41)
    #expect(Capability.allCases.map(\.name).contains("CAP_SETPCAP"))
  }

  @Test(arguments: [
    ("6.18.44-fc-v657", 6, 18, 44), ("5.10", 5, 10, 0), ("6.1.0-13-cloud-amd64", 6, 1, 0),
    ("6.12-rc3", 6, 12, 0),
  ])
  func `a kernel release is read as numbers`(
    text: String, major: Int, minor: Int, patch: Int
  ) throws {
    #expect(try #require(KernelVersion(text)) == KernelVersion(major, minor, patch))
  }

  @Test func `kernel versions are compared by numbers`() {
    #expect(KernelVersion(5, 9) < KernelVersion(5, 10))
    #expect(KernelVersion("none") == nil)
  }

  @Test func `a deadline passes once and for all`() {
    #expect(Deadline.after(.zero).hasPassed)
    #expect(Deadline.after(.seconds(-5)).remaining == .zero)
    #expect(!Deadline.never.hasPassed)
    #expect(!Deadline.after(.seconds(60)).hasPassed)
    #expect(Deadline.never.or(after: .zero).hasPassed)
    #expect(Deadline.after(.zero).or(after: .seconds(60)).hasPassed)
  }

  @Test func `clocks go forward`() {
    let first = Clock.monotonic()
    #expect(Clock.monotonic() >= first)
    #expect(Clock.bootTime() >= first)
    #expect(Clock.wall() > Timestamp(seconds: 1_700_000_000))
  }

  @Test(arguments: [
    (Duration.seconds(3), "monotonic 3 0\nboottime 0 0\n"),
    (.milliseconds(-1), "monotonic -1 999000000\nboottime 0 0\n"),
    (.seconds(-2), "monotonic -2 0\nboottime 0 0\n"),
  ])
  func `clock offsets are written with nanoseconds above zero`(offset: Duration, text: String) {
    #expect(TimeNamespace.Offsets(monotonic: offset).text == text)
  }
}
