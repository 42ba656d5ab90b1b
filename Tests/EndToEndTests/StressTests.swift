import Linux
import Memory
import TestBed
import Testing

/// A server under stress, with every byte of its memory checked: before the freeze, in the trial, and after the thaw.
struct StressRun {
  let bed: Bed
  /// How the server is started.
  var command: [String]
  /// Words of `thaw freeze` besides those of all.
  var options: [String] = []
  /// What `/kept` must answer.
  var kept: String
  /// Paths to be asked in the warm-up, and before the freeze.
  var warmUp = ["/run/2"]
  var beforeFreeze: [String] = []

  static let port = 8081

  func recipe() throws -> Path {
    let steps = { (paths: [String]) in
      paths.map { "{http: {port: 8080, path: \($0)}}" }.joined(separator: ", ")
    }
    let words = command.map { "\"\($0)\"" }.joined(separator: ", ")
    try FileSystem.makeDirectory(bed.folder / "recipe", parents: true)
    try FileSystem.writeFile(
      bed.folder / "recipe/recipe.yaml",
      Array(
        """
        recipe: 1
        name: stress
        server: {command: [\(words)]}
        ports: [8080]
        ready: {within: 60s, probes: [{http: {port: 8080, path: /check}}]}
        warm-up: {steps: [\(steps(warmUp))]}
        before-freeze: [\(steps(beforeFreeze))]

        """.utf8))
    return bed.folder / "recipe"
  }

  /// Freezes it and thaws it, through generations of hibernation where Thaw can do that.
  ///
  /// `more` is asked of each thawed server.
  func run(_ more: (Int) throws -> Void = { _ in }) throws {
    let frozen = try bed.thaw(
      ["freeze", "--name", "stress-1", "--recipe", recipe().string] + options, within: .seconds(100)
    )
    try #require(frozen.isSuccess, "\(frozen.errorText)")
    let generations = try Self.generations(bed)
    for generation in 1...generations {
      try thaw(generation)
      try check("/run/3")
      try more(generation)
      #expect(try ask("/kept") == kept + "\n", "generation \(generation)")
      if generation < generations {
        for path in beforeFreeze { _ = try ask(path) }
        let next = try bed.thaw("hibernate", "one", "--name", "stress-\(generation + 1)")
        try #require(next.isSuccess, "generation \(generation): \(next.errorText)")
      } else {
        #expect(try bed.thaw("stop", "one").isSuccess)
      }
    }
    try bed.expectNothingIsLeft(checkpoints: generations)
  }

  /// Thaws one generation, and expects that all was well when it first answered.
  func thaw(_ generation: Int) throws {
    let run = try bed.thaw(
      "run", "-d", "--rm", "--name", "one", "-p", "127.0.0.1:\(Self.port):8080",
      "stress-\(generation)")
    try #require(run.isSuccess && run.text.contains("hot"), "\(run.text)\(run.errorText)")
    try check("/check")
  }

  func ask(_ path: String) throws -> String {
    try bed.get(path, port: Self.port) ?? "no answer"
  }

  /// Expects that no byte was wrong so far.
  func check(_ path: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let said = try ask(path)
    #expect(said.hasPrefix("ok "), "\(path): \(said)", sourceLocation: sourceLocation)
  }

  /// Expects that a byte which is changed now is found: the stress would have told.
  func expectSharpEyes(_ path: String) throws {
    #expect(try ask(path) == "changed\n")
    let said = try ask("/run/1")
    #expect(!said.hasPrefix("ok "), "nothing noticed \(path)")
  }

  /// Three where Thaw can hibernate, else one.
  private static func generations(_ bed: Bed) throws -> Int {
    try bed.thaw("hibernate", "--help").isSuccess ? 3 : 1
  }
}

@Suite(
  .engine, .serialized, .timeLimit(.minutes(5)),
  .enabled(if: StressPrograms.hasCompiler, "needs a C compiler: cc"))
struct CStressTests {
  @Test func `a C program that maps, grows, shrinks, discards and forks finds no wrong byte`()
    throws
  {
    let bed = try Bed()
    let program = try StressPrograms.compile("stress", into: bed.folder.path)
    let stress = StressRun(
      bed: bed, command: [program.string, "8080"], kept: StressPrograms.keptByC)
    try stress.run()
    try stress.thaw(1)
    try stress.expectSharpEyes("/corrupt")
    #expect(try bed.thaw("stop", "one").isSuccess)
  }

  @Test func `the watch catches a program that relies on zeros after MADV_DONTNEED`() throws {
    let bed = try Bed()
    let program = try StressPrograms.compile("violator", into: bed.folder.path)
    let stress = StressRun(
      bed: bed, command: [program.string, "8080"], kept: "", warmUp: ["/violate"])
    let frozen = try bed.thaw(
      "freeze", "--name", "stress-1", "--recipe", stress.recipe().string)
    try #require(frozen.isSuccess, "\(frozen.errorText)")
    let report = try FileSystem.readText(try bed.checkpoint() / MemoryReport.name)
    #expect(report.contains("madvise(MADV_DONTNEED) in the trial"), "\(report)")
    for _ in 1...2 {
      try stress.thaw(1)
      try stress.check("/violate")
      try stress.check("/violate")
      #expect(try bed.thaw("stop", "one").isSuccess)
    }
    try bed.expectNothingIsLeft(checkpoints: 1)
  }
}

@Suite(
  .engine, .serialized, .timeLimit(.minutes(5)),
  .enabled(if: JDK.hasOwn, "needs a JDK: java and javac"))
struct JavaStressTests {
  @Test(arguments: Collector.allCases)
  func `a JVM of this machine finds no wrong byte`(_ collector: Collector) throws {
    let stress = try Self.stress(collector)
    try stress.run()
    if collector == .serial {
      for path in ["/corrupt/heap", "/corrupt/direct"] {
        try stress.thaw(1)
        try stress.expectSharpEyes(path)
        #expect(try stress.bed.thaw("stop", "one").isSuccess)
      }
    }
  }

  @Test(.enabled(if: Machine.has("jcmd"), "needs a JDK with jcmd"))
  func `a JVM whose native heap is trimmed after the thaw finds no wrong byte`() throws {
    let stress = try Self.stress(.g1)
    try stress.run { _ in
      for _ in 1...3 {
        try Self.command(["System.trim_native_heap"], in: stress.bed)
        try stress.check("/run/1")
      }
      try Self.command(["GC.run"], in: stress.bed)
      try stress.check("/run/1")
    }
  }

  private static func stress(_ collector: Collector) throws -> StressRun {
    let bed = try Bed()
    try StressPrograms.compileJava(into: bed.folder.path)
    return StressRun(
      bed: bed,
      command: [JDK.own.java.string] + collector.options + [
        "-cp", bed.folder.path.string, "Stress", "8080",
      ], kept: StressPrograms.keptByJava, beforeFreeze: ["/hold"])
  }

  /// Runs `jcmd` beside the thawed server, in its container.
  private static func command(_ words: [String], in bed: Bed) throws {
    let server = try #require(
      Processes.descendants(of: bed.first).first {
        Processes.arguments(of: $0).suffix(2) == ["Stress", "8080"]
      })
    let status = try FileSystem.readText(Path("/proc/\(server)/status"))
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("NSpid:") })
    let inner = try #require(line.split(whereSeparator: \.isWhitespace).last)
    let done = try Spawn(
      "nsenter",
      ["--target", "\(server)", "--mount", "--pid", "--net", "--", "jcmd", String(inner)] + words
    ).run(deadline: .after(.seconds(20)))
    #expect(done.isSuccess, "\(done.text)\(done.errorText)")
  }
}

@Suite(
  .engine, .serialized, .staticExecutable, .timeLimit(.minutes(5)),
  .enabled(if: JDK.hasOthers, "needs the tree of other JDKs: Setup/tree.sh jdks"))
struct OtherJavaStressTests {
  @Test(arguments: [JDK.jdk21, .jdk25], Collector.allCases)
  func `a JVM of another release finds no wrong byte`(jdk: JDK, collector: Collector) throws {
    let bed = try Bed()
    let tree = try Self.tree(in: bed)
    try StressPrograms.compileJava(into: tree / "stress")
    try StressRun(
      bed: bed,
      command: [jdk.java.string] + collector.options + ["-cp", "/stress", "Stress", "8080"],
      options: ["--image", "rootfs:\(tree)"], kept: StressPrograms.keptByJava,
      beforeFreeze: ["/hold"]
    ).run()
  }

  /// A tree with the JDKs and room for the program: hard links, since CRIU finds no file in an overlay over another.
  private static func tree(in bed: Bed) throws -> Path {
    let tree = bed.folder / "tree"
    let script = """
      cd "$1" && mkdir -p "$2/usr" "$2/proc" "$2/dev" "$2/sys" "$2/run" "$2/tmp" "$2/stress" &&
      for name in bin sbin lib lib64 etc usr/bin usr/lib usr/lib64; do
        test ! -e "$name" || cp -al "$name" "$2/$name" 2>&3 || cp -a "$name" "$2/$name" || exit 1
      done 3>&1
      """
    let copied = try Spawn("sh", ["-c", script, "sh", JDK.tree.string, tree.string])
      .run(deadline: .after(.seconds(60)))
    try #require(copied.isSuccess, "\(copied.text)\(copied.errorText)")
    return tree
  }
}
