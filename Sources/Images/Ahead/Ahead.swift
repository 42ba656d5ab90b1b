import Checkpoint
import Lifecycle
import Linux
import Server

/// Makes what lets a JVM server start fast without any right: compiled namespaces, and a class-data archive.
///
/// Each is made by runs of the server on its image, and used only if a run with it has started, answered the recipe's probes
/// and done its warm-up. What fails is told, and the server is left as it was without it.
struct Ahead {
  /// The freeze that all of it is for.
  let freezing: Freezing
  let rule: Recipe.Ahead
  /// Where files lie until they are in the image.
  let scratch: Path
  let report: (Freezing.Report) -> Void

  /// Where the server's programs write what they make: a folder of this machine.
  private static let output: Path = "/run/thaw/ahead"
  private var outside: Path { scratch / "output" }

  /// What came out of it.
  struct Made {
    /// The server's command that makes use of it.
    var command: [String]
    var files: AheadFiles
  }

  /// Does it all; blocks for several starts of the server.
  func run(_ engine: Engine) throws(EngineFailure) -> Made {
    guard let rootfs = freezing.rootfs,
      var plain = JavaCommand(freezing.recipe.server.command, main: rule.main)
    else { return unchanged }
    // A server that is frozen once more: made for an image that may be another by now.
    plain.classPath.removeAll { $0 == AheadFiles.classes.string }
    if plain.archive == AheadFiles.archive.string { plain.archive = nil }
    if let archive = plain.archive {
      guard !FileSystem.exists(rootfs / place(archive).string) else {
        report(.note("Ahead of time: the image has a class-data archive of its own, \(archive)"))
        return unchanged
      }
      // With one that is not there a JVM would do without its own, too.
      plain.archive = nil
    }
    plain.classPath = ClassPathFolders.expand(
      plain.classPath, root: rootfs, freezing.placed,
      workingDirectory: freezing.program.workingDirectory)
    try Images.engine { () throws(EngineError) in try makeFolders() }
    let files = try make(plain, engine)
    return Made(command: command(plain, files).words, files: files)
  }

  private var unchanged: Made {
    Made(command: freezing.recipe.server.command, files: AheadFiles(folder: scratch))
  }

  private func make(_ plain: JavaCommand, _ engine: Engine) throws(EngineFailure) -> AheadFiles {
    var files = AheadFiles(folder: scratch)
    if rule.clojure {
      let loaded = try succeeds(.recording) { () throws(EngineFailure) in
        try record(plain, engine)
      }
      // What does not start by itself will not start with more.
      guard loaded else { return files }
      files.hasClasses = try succeeds(.compiling) { () throws(EngineFailure) in
        try compile(plain, engine)
      }
    }
    let tried = try tried(files, plain, engine)
    // What failed may have been the classes, and the archive might do without them.
    guard tried.paths.isEmpty, files.hasClasses, rule.archive else { return tried }
    return try self.tried(AheadFiles(folder: scratch), plain, engine)
  }

  /// Makes an archive of a server with these files, and checks it; the result is what has stood a run.
  private func tried(
    _ files: AheadFiles, _ plain: JavaCommand, _ engine: Engine
  ) throws(EngineFailure) -> AheadFiles {
    var files = files
    if rule.archive {
      files.hasArchive = try succeeds(.archiving) { () throws(EngineFailure) in
        try archive(plain, files, engine)
      }
    }
    guard !files.paths.isEmpty else { return files }
    let isGood = try succeeds(.checking) { () throws(EngineFailure) in
      try check(plain, files, engine)
    }
    if !isGood {
      // The classes alone have stood the run that made the archive.
      files.hasClasses = files.hasClasses && files.hasArchive
      files.hasArchive = false
    }
    return files
  }

  // MARK: The runs

  private func record(_ plain: JavaCommand, _ engine: Engine) throws(EngineFailure) {
    var command = plain
    command.options.append("-Dthaw.loaded=\(Self.output / "loaded")")
    command.arguments = ["-i", (Self.output / "record.clj").string] + command.arguments
    try rehearse(command.words + arguments, AheadFiles(folder: scratch), engine)
    guard FileSystem.exists(outside / "loaded") else {
      throw failure("it ended without telling what it had loaded")
    }
  }

  private func compile(_ plain: JavaCommand, _ engine: Engine) throws(EngineFailure) {
    var command = plain
    // The server's options but those that make it small: the compiler takes more memory.
    command.options.removeAll { $0.hasPrefix("-Xm") || $0.hasPrefix("-XX:") }
    command.options += ["-XX:+UseSerialGC", "-XX:-UsePerfData"]
    let paths = ["compile.clj", "loaded", "ahead.jar", "classes"].map {
      (Self.output / $0).string
    }
    command.arguments = paths + (mainNamespace(plain).map { [$0] } ?? [])
    var recipe = Recipe(name: freezing.recipe.name, command: command.words)
    recipe.ready.within = .seconds(600)
    try rehearse(recipe, command.words, AheadFiles(folder: scratch), engine, endsByItself: true)
    try take(AheadFiles.classes)
  }

  private func archive(
    _ plain: JavaCommand, _ files: AheadFiles, _ engine: Engine
  ) throws(EngineFailure) {
    var command = command(plain, files)
    let file = AheadFiles.archive.lastComponent
    command.options.append("-XX:ArchiveClassesAtExit=\(Self.output / file)")
    try rehearse(command.words + arguments, files, engine)
    guard FileSystem.exists(outside / file) else {
      throw failure(
        "the JVM wrote no archive; a class path with folders, or a JDK without an archive of its own, is the usual reason"
      )
    }
    try take(AheadFiles.archive)
  }

  private func check(
    _ plain: JavaCommand, _ files: AheadFiles, _ engine: Engine
  ) throws(EngineFailure) {
    var command = command(plain, files)
    if files.hasArchive {
      command.options.append("-Xlog:class+load:file=\(Self.output / "classes.log")")
    }
    try rehearse(command.words + arguments, files, engine)
    guard files.hasArchive else { return }
    let log = try Images.engine { () throws(EngineError) in
      let log = outside / "classes.log"
      return try attempt("reading what was loaded", on: log) { () throws(Errno) in
        try FileSystem.readText(log)
      }
    }
    let classes = SharedClasses(log)
    guard classes.own > 0 else {
      throw failure("the JVM took none of its \(classes.all) classes from the class-data archive")
    }
    report(
      .note("\(classes.shared) of \(classes.all) classes come from the class-data archive"))
  }

  // MARK: What they have in common

  private func rehearse(
    _ words: [String], _ files: AheadFiles, _ engine: Engine
  ) throws(EngineFailure) {
    var recipe = freezing.recipe
    // Once is enough to load what is needed, and to see that it works.
    recipe.warmUp.lasting = nil
    for index in recipe.warmUp.steps.indices { recipe.warmUp.steps[index].repetitions = 1 }
    try rehearse(recipe, words, files, engine)
  }

  private func rehearse(
    _ recipe: Recipe, _ words: [String], _ files: AheadFiles, _ engine: Engine,
    endsByItself: Bool = false
  ) throws(EngineFailure) {
    var program = freezing.program
    program.words = words
    var plan = InitPlan(task: .rehearse, recipe: recipe, program: program)
    plan.endsByItself = endsByItself
    var failed: InitFailure?
    let status = try Session(
      engine: engine, name: "ahead-\(freezing.name)",
      image: freezing.base.reference ?? "this machine", arguments: words
    ).run(
      prepare: { folder throws(EngineError) in
        try (freezing.placed + files.placed).put(in: folder.upper)
        var container = ServerContainer(
          engine: engine, id: folder.path.lastComponent, folder: folder.bundle,
          base: freezing.baseFolder, upper: folder.upper, work: folder.work, plan: plan,
          capabilities: [.setPCAP], clock: .young(), isConfined: true)
        container.binds = [.init(source: outside, destination: Self.output)]
        return container
      },
      log: { report(.log($0, $1)) },
      event: { event in
        if case .failed(let why) = event { failed = why }
        report(.server(event))
        return nil
      })
    if let failed { throw .server(failed) }
    guard status.isSuccess else { throw failure("its container ended with \(status)") }
  }

  /// Whether a step works; what speaks against it is told.
  ///
  /// What is not about the server is thrown.
  private func succeeds(
    _ step: Freezing.Step, _ body: () throws(EngineFailure) -> Void
  ) throws(EngineFailure) -> Bool {
    report(.step(step))
    do throws(EngineFailure) {
      try body()
      return true
    } catch {
      guard case .server(let failure) = error, ![.cancelled, .diskFull].contains(failure.code)
      else { throw error }
      report(.failed(step, failure))
      return false
    }
  }

  private func failure(_ cause: String) -> EngineFailure {
    .server(InitFailure(.system, cause, fix: ""))
  }

  /// The server's command with what was made so far.
  private func command(_ plain: JavaCommand, _ files: AheadFiles) -> JavaCommand {
    var command = plain
    if files.hasClasses { command.classPath.insert(AheadFiles.classes.string, at: 0) }
    if files.hasArchive { command.archive = AheadFiles.archive.string }
    return command
  }

  /// What the server gets behind its command.
  private var arguments: [String] {
    Array(freezing.program.words.dropFirst(freezing.recipe.server.command.count))
  }

  /// The namespace that `clojure.main -m` runs.
  private func mainNamespace(_ command: JavaCommand) -> String? {
    guard let option = command.arguments.firstIndex(where: { ["-m", "--main"].contains($0) })
    else { return nil }
    return command.arguments.dropFirst(option + 1).first
  }

  /// A path of the server's command, seen from the root.
  private func place(_ path: String) -> Path {
    path.hasPrefix("/") ? Path(path) : freezing.program.workingDirectory / path
  }

  private func makeFolders() throws(EngineError) {
    try attempt("making a folder for what is made ahead", on: outside) { () throws(Errno) in
      try FileSystem.makeDirectory(outside, mode: 0o755)
      for (name, text) in [
        ("record.clj", ClojureScripts.record), ("compile.clj", ClojureScripts.compile),
      ] {
        try FileSystem.writeFile(outside / name, Array(text.utf8), mode: 0o644)
      }
      // The server's user writes there.
      try FileSystem.changeOwner(
        outside, user: freezing.program.user, group: freezing.program.group)
    }
  }

  private func take(_ path: Path) throws(EngineFailure) {
    try Images.engine { () throws(EngineError) in
      try AheadFiles(folder: scratch).take(outside / path.lastComponent, as: path)
    }
  }
}
