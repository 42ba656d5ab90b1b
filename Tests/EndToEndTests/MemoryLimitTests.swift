import Linux
import TestBed
import Testing

/// `--memory` of `thaw run`: how much a server may have, and of `thaw freeze`: how it comes back.
@Suite(.engine, .serialized, .timeLimit(.minutes(5)))
struct MemoryLimitTests {
  /// The value that the kernel has for a container, with either version of control groups.
  private func limit(of id: String) throws -> String? {
    let files: [Path] = [
      Path("/sys/fs/cgroup/memory/thaw-\(id)/memory.limit_in_bytes"),
      Path("/sys/fs/cgroup/thaw-\(id)/memory.max"),
    ]
    return try files.first(where: FileSystem.exists).map {
      String(try FileSystem.readText($0).prefix { !$0.isWhitespace })
    }
  }

  @Test func `a server that takes more than its limit is killed, and no other`() throws {
    let bed = try Bed()
    #expect(try bed.freeze().isSuccess)
    #expect(try bed.thaw("run", "-d", "-p", "8090:8080", "--name", "free", "web").isSuccess)
    let run = try bed.thaw("run", "-d", "-m", "64m", "--name", "tight", "--json", "web")
    #expect(run.isSuccess && run.text.contains("hot"), "\(run.text)\(run.errorText)")
    let id = try #require(
      try bed.names(in: "containers").first { id in
        try FileSystem.readText(bed.root / "containers" / id / "container.json").contains("tight")
      })
    #expect(try limit(of: id) == "\(64 << 20)")
    #expect(try bed.get("/take/8") == "")
    #expect(try bed.get("/take/300") == nil)
    let ended = try eventually(within: .seconds(20)) {
      let line = try bed.thaw("inspect", "--json", "tight").text
      return line.contains("\"state\":\"exited\"") ? line : nil
    }
    let line = try #require(ended)
    #expect(line.contains("\"exitCode\":137"), "\(line)")
    #expect(line.contains("\"outOfMemory\":true"), "\(line)")
    #expect(line.contains("\"memoryLimit\":67108864"), "\(line)")
    #expect(try bed.thaw("ps", "-a").text.contains("exited (137, out of memory)"))
    #expect(try bed.get("/take/300", port: 8090) == "")
    #expect(try bed.thaw("stop", "free").isSuccess)
    try bed.expectNothingIsLeft(kept: 2, checkpoints: 1)
  }

  @Test func `a limit that is no size, or below any server's need, is a usage error`() throws {
    let bed = try Bed()
    for (text, words) in [("much", "such as 512m"), ("1m", "give at least 16m")] {
      let run = try bed.thaw("run", "-m", text, "web")
      #expect(run.status == .exited(64))
      #expect(run.errorText.contains(words), "\(run.errorText)")
    }
  }

  @Test(.enabled(if: Machine.has("java"), "needs a JVM: java"))
  func `a limit that a thaw does not fit into is told`() throws {
    let bed = try Bed()
    // Mapped it would fit: what is not written is the page cache's.
    try freezeDatabase(bed, ["--memory", "copy"])
    let run = try bed.thaw("run", "-d", "-m", "16m", "--name", "tight", "h2")
    #expect(!run.isSuccess)
    #expect(run.errorText.contains("out of memory"), "\(run.errorText)")
    #expect(run.errorText.contains("give it more with -m"), "\(run.errorText)")
    try bed.expectNothingIsLeft(kept: 1, checkpoints: 1)
  }

  @Test(.enabled(if: Machine.has("java"), "needs a JVM: java"))
  func `memory is copied where the line or the recipe says so`() throws {
    let bed = try Bed()
    for options in [["--memory", "copy"], []] {
      let text = try FileSystem.readText("Recipes/h2/recipe.yaml")
      let rule = options.isEmpty ? "memory: copy" : "memory: map"
      let recipe = text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.hasPrefix("memory:") ? rule : String($0) }.joined(separator: "\n")
      try FileSystem.makeDirectory(bed.folder / "h2", parents: true)
      try FileSystem.writeFile(bed.folder / "h2/recipe.yaml", Array(recipe.utf8))
      try freezeDatabase(bed, options, recipe: "\(bed.folder / "h2")")
      let run = try bed.thaw("run", "-d", "--rm", "--name", "one", "h2")
      #expect(run.isSuccess && run.text.contains("hot"), "\(run.text)\(run.errorText)")
      let server = try #require(
        Processes.descendants(of: bed.first).first {
          Processes.arguments(of: $0).first?.hasSuffix("java") == true
        })
      let maps = try FileSystem.readText(Path("/proc/\(server)/maps"))
      #expect(!maps.contains("/run/thaw/memory"))
      #expect(try bed.thaw("stop", "one").isSuccess)
    }
    try bed.expectNothingIsLeft(checkpoints: 1)
  }
}

/// Freezes the recipe `h2`: a JVM with an SQL database.
func freezeDatabase(
  _ bed: Bed, _ options: [String] = [], recipe: String? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let recipe = try recipe ?? FileSystem.resolve("Recipes/h2").string
  let freeze = try bed.thaw(["freeze", "--recipe", recipe] + options, within: .seconds(150))
  try #require(freeze.isSuccess, "\(freeze.errorText)", sourceLocation: sourceLocation)
}
