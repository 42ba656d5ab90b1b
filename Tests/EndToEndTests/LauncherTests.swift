import Linux
import TestBed
import Testing

/// The launcher of the warm tier, driven as PID 1 does, without a freeze: after it, a main must see
/// and do what it sees and does when `java` starts it.
@Suite(
  .compiledLauncher, .serialized, .timeLimit(.minutes(3)),
  .enabled(if: LauncherBed.isPossible, "needs root and a JDK: java and javac"))
struct LauncherTests {
  private static let frozen = ["FROZEN=1", "DAY=before", "LANG=C.UTF-8", "TZ=Asia/Tokyo"]
  private static let today = ["DAY=today", "PATH=/usr/bin:/bin", "GREETING=grüßt", "LANG=C.UTF-8"]

  private let bed: LauncherBed

  init() throws {
    bed = try #require(LauncherBed.shared, "the suite lacks the trait")
  }

  /// The lines that are not the launcher's own.
  private static func trace(_ errors: String) -> [Substring] {
    errors.split(separator: "\n").filter {
      !$0.contains("thaw.MainThread.run") && !$0.contains(" more")
    }
  }

  /// What the program wrote after it was closed.
  private static func afterTheThaw(_ output: String) -> Substring {
    guard let closed = output.firstRange(of: "closed\n") else { return "not closed: \(output)" }
    return output[closed.upperBound...]
  }

  @Test(
    arguments: LauncherBed.kits, ["return", "exit", "throw", "thread", "thread-throw", "handler"])
  func `main runs as java runs it`(kit: JDK, ending: String) throws {
    let words = ["a word", "ö", ending]
    let variables = Self.today + ["TZ=Europe/Berlin"]
    let launched = try bed.launch(kit, fixedWords: ["-m", "fixed"], variables: Self.frozen)
    try launched.park()
    try launched.ask(words: words, variables: variables)
    let status = try launched.run()
    let plain = try bed.plain(kit, words: ["-m", "fixed"] + words, variables: variables)
    #expect(status == plain.status, "\(launched.errors)")
    let output = launched.output
    #expect(output.hasPrefix("exercise [-m, fixed] 1 Asia/Tokyo\n"))
    #expect(Self.afterTheThaw(output) == plain.text)
    #expect(Self.trace(launched.errors) == Self.trace(plain.errorText))
    #expect(!FileSystem.exists(launched.folder / "main.request"))
  }

  /// Of the machine, of the command line.
  @Test(arguments: LauncherBed.kits, [[], ["-Duser.timezone=America/Lima"]])
  func `the time zone is that of today, or of the command line`(kit: JDK, flags: [String]) throws {
    let launched = try bed.launch(kit, flags: flags, fixedWords: [], variables: Self.frozen)
    try launched.park()
    try launched.ask(words: ["return"], variables: Self.today)
    #expect(try launched.run() == .exited(0), "\(launched.errors)")
    let plain = try bed.plain(kit, flags: flags, words: ["return"], variables: Self.today)
    #expect(Self.afterTheThaw(launched.output) == plain.text)
  }

  @Test(arguments: LauncherBed.kits)
  func `the time zone that code has set stays`(kit: JDK) throws {
    let launched = try bed.launch(
      kit, exercise: "Sample$Zone", fixedWords: [], variables: Self.frozen)
    try launched.park()
    try launched.ask(words: ["return"], variables: Self.today + ["TZ=Europe/Berlin"])
    #expect(try launched.run() == .exited(0), "\(launched.errors)")
    let output = Self.afterTheThaw(launched.output)
    #expect(output.contains("zone Asia/Tokyo Asia/Tokyo\n"), "\(output)")
  }

  @Test func `nothing is open while it is parked`() throws {
    let launched = try bed.launch(.own, fixedWords: [], variables: Self.frozen)
    try launched.park()
    let descriptors = Path("/proc/\(launched.child.pid)/fd")
    let files = try FileSystem.list(descriptors).compactMap { number in
      // One that was closed meanwhile is not open.
      ["0", "1", "2"].contains(number) ? nil : try? FileSystem.readLink(descriptors / number)
    }
    // Jars, the JDK's modules, sources of random numbers, and the half of a pair of sockets that
    // Java's channels keep.
    let other = files.filter { file in
      ![".jar", "/lib/modules"].contains { file.hasSuffix($0) }
        && !["/dev/", "socket:"].contains { file.hasPrefix($0) }
    }
    #expect(!files.isEmpty && other.isEmpty, "\(other)")
    _ = try launched.child.killTree()
  }

  @Test(
    arguments: [
      (nil, "main.request is missing"),
      ("", "ends after 0 bytes, before the version"),
      ("2\0/\00\00\0", "is of version 2, this launcher reads 1"),
      ("1\0/\0two\0", "the number of arguments is \"two\""),
      ("1\0/\01\0word\01\0", "before a variable"),
      ("1\0/\00\01\0NAME\0", "expected NAME=VALUE, found \"NAME\""),
      ("1\0/\00\00\0more", "has 4 bytes behind its end"),
      ("1\0/\00\00\0", "cannot be changed to /"),
    ] as [(String?, String)])
  func `a request that makes no sense is told in one line`(text: String?, reason: String) throws {
    let launched = try bed.launch(.own, fixedWords: [], variables: Self.frozen)
    try launched.park()
    if let text { try launched.ask(Array(text.utf8)) }
    #expect(try launched.run() == .exited(70))
    let errors = launched.errors
    #expect(errors.hasPrefix("thaw: ") && errors.contains(reason), "\(errors)")
    #expect(errors.filter { $0 == "\n" }.count == 1)
  }

  @Test(
    arguments: [
      ("Sample$Failing", "java.lang.IllegalStateException: the exercise fails\n\tat Sample$F"),
      ("Sample$Wrong", "thaw: the exercise Sample$Wrong gave a java.lang.String; expected what"),
      ("Nowhere", "thaw: no class Nowhere in the class path"),
      ("exercise.clj", "thaw: no Clojure in the class path"),
    ])
  func `an exercise that fails ends the JVM`(exercise: String, reason: String) throws {
    let launched = try bed.launch(
      .own, exercise: exercise, fixedWords: [], variables: Self.frozen)
    #expect(try launched.end() == .exited(70))
    #expect(launched.errors.hasPrefix(reason), "\(launched.errors)")
  }
}
