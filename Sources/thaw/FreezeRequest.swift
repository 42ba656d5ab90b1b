import Arguments
import Checkpoint
import Images
import Linux
import Server
import Terminal

/// What the line of `thaw freeze` asks for.
struct FreezeRequest {
  private(set) var recipe: Recipe
  var name: String
  let image: String?
  /// Whether that is the one that the recipe names.
  let isOwnImage: Bool
  /// The folder with the server's jars.
  let jars: Path?
  private(set) var arguments: [String]?
  private(set) var variables: [String: String]
  let tries: Bool
  private(set) var tiers: Set<Manifest.Tier>
  /// Whether the variants of the recipe are frozen, too.
  var hasVariants = false

  /// What `--tier` may be.
  enum Tiers: String, Sendable, CaseIterable {
    case hot, warm, all

    var tiers: Set<Manifest.Tier> {
      switch self {
      case .hot: [.hot]
      case .warm: [.warm]
      case .all: [.hot, .warm]
      }
    }
  }

  /// Reads the line; `named` is a recipe that was not given with `--recipe`, with what is the server's of the words.
  init(_ parsed: Parsed, named: (recipe: String, words: [String])? = nil) throws {
    let words = try named?.words ?? parsed[FreezeVerb.words]
    var recipe: Recipe
    if let text = try parsed[FreezeVerb.recipe] ?? named?.recipe {
      recipe = try Recipe.load(try RecipeFolder.find(text))
      arguments = words.isEmpty ? nil : words
      name = try parsed[FreezeVerb.name] ?? recipe.name
    } else {
      guard !words.isEmpty else {
        throw UsageError(
          .other("there is nothing to freeze: give --recipe, or a command line after --"),
          verb: "freeze")
      }
      guard let given = try parsed[FreezeVerb.name] else {
        throw UsageError(.other("a command line needs a --name for its checkpoint"), verb: "freeze")
      }
      recipe = Recipe(name: given, command: words)
      arguments = nil
      name = given
    }
    guard CheckpointStore.isValidName(name) else {
      throw UsageError(
        .other("'\(name)' is no name: use letters, digits, '.', '_' and '-'"), verb: "freeze")
    }
    for url in try parsed[FreezeVerb.ready] {
      let probe = try Probe(url: url)
      recipe.ready.probes.append(probe)
      recipe.firstAnswer = recipe.firstAnswer ?? probe
      if let port = probe.port, !recipe.ports.contains(where: { $0.number == port }) {
        recipe.ports.append(Recipe.Port(port))
      }
    }
    if let within = try parsed[FreezeVerb.within] { recipe.ready.within = TimeSpan(within) }
    if let text = try parsed[FreezeVerb.user] {
      guard let user = Recipe.User(text) else {
        throw UsageError(.other("'\(text)' is no user: write UID[:GID] or a name"), verb: "freeze")
      }
      recipe.server.user = user
    }
    if let folder = try parsed[FreezeVerb.folder] { recipe.server.workingDirectory = Path(folder) }
    if let memory = try parsed[FreezeVerb.memory] { recipe.memory = memory }
    try recipe.addToWarmUp(
      sql: try parsed[FreezeVerb.warmUp], commands: try parsed[FreezeVerb.warmUpCommands])
    if let time = try parsed[FreezeVerb.warmUpTime] {
      guard !recipe.warmUp.steps.isEmpty else {
        throw UsageError(
          .other("--warm-up-time repeats a warm-up, and there is none: give --warm-up or a recipe"),
          verb: "freeze")
      }
      recipe.warmUp.lasting = TimeSpan(time)
    }
    jars = try parsed[FreezeVerb.jars].map { try JarFolder.check($0) }
    let given = try parsed[FreezeVerb.image] ?? (jars == nil ? nil : try JarFolder.base())
    image = given ?? recipe.image
    isOwnImage = given == nil
    if jars != nil, recipe.server.workingDirectory == nil {
      recipe.server.workingDirectory = JarFolder.place / recipe.name
    }
    variables = try Self.variables(try parsed[FreezeVerb.environment])
    tries = try !parsed[FreezeVerb.noTrial]
    let asked = try parsed[FreezeVerb.tier]
    guard recipe.warm != nil || asked == nil || asked == .hot else {
      throw UsageError(
        .other(
          "--tier: the recipe does not say how to start warm; see `warm` in Recipes/README.md"),
        verb: "freeze")
    }
    tiers = (asked ?? (recipe.warm == nil ? .hot : .all)).tiers
    self.recipe = recipe
  }

  /// The variables of `-e`: a name alone takes the caller's value, and nothing where it has none, as docker does.
  static func variables(_ assignments: [Assignment]) throws -> [String: String] {
    let own = Spawn.ownEnvironment()
    var result: [String: String] = [:]
    for assignment in assignments {
      if let value = assignment.value ?? own[assignment.name] { result[assignment.name] = value }
    }
    return result
  }

  /// Gets the image, and finds out all that the server is started with.
  func freezing(_ engine: Engine, _ output: Output) throws -> Freezing {
    guard let image else {
      return try freezing(
        base: .init(reference: nil, digest: nil), rootfs: nil, Self.ownVariables())
    }
    let unpacked = try output.phase("Image") { phase in
      do throws(EngineError) {
        return try engine.images.resolve(image) { what, fraction in
          phase.detail(what)
          if let fraction { phase.advance(toFraction: fraction) }
        }
      } catch {
        throw isOwnImage ? withoutOwnImage(error) : error
      }
    }
    guard case .image(let reference, let digest) = unpacked.base else {
      return try freezing(
        base: .init(reference: nil, digest: nil), rootfs: nil, Self.ownVariables())
    }
    return try freezing(
      base: .init(reference: reference, digest: digest), rootfs: unpacked.rootfs,
      unpacked.configuration.environment, unpacked.configuration)
  }

  /// That the recipe's own image cannot be had, and what to do.
  private func withoutOwnImage(_ error: EngineError) -> EngineError {
    guard error.code == .imageNotFound else { return error }
    return EngineError(
      error.code, error.subject, error.cause,
      fix: "it is the base that the recipe \(recipe.name) names: give one that can be had "
        + "with --image, such as docker-daemon:NAME:TAG, oci:/FOLDER:TAG or another registry's")
  }

  private func freezing(
    base: Manifest.Base, rootfs: Path?, _ inherited: [String: String],
    _ image: ImageConfiguration? = nil
  ) throws -> Freezing {
    let identity = try recipe.server.user.resolve(root: rootfs ?? .root)
    var environment = [
      "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "HOME": identity.home?.string ?? "/",
    ]
    for more in [inherited, recipe.server.environment, variables] {
      environment.merge(more) { $1 }
    }
    let here = try image?.workingDirectory ?? FileSystem.resolve(".")
    var recipe = recipe
    if recipe.server.argumentsFrom == .image {
      recipe.server.arguments = image?.command ?? []
      recipe.server.argumentsFrom = nil
    }
    recipe = try configured(
      recipe, root: rootfs ?? .root, folder: recipe.server.workingDirectory ?? here, environment)
    var freezing = Freezing(
      name: name, recipe: recipe,
      program: Manifest.Program(
        words: recipe.server.words(replacingArguments: arguments), environment: environment,
        workingDirectory: recipe.server.workingDirectory ?? here, user: identity.user,
        group: identity.group, supplementaryGroups: identity.supplementaryGroups),
      base: base, rootfs: rootfs)
    freezing.tries = tries
    freezing.files = jars
    freezing.tiers = tiers
    if hasVariants, tiers.contains(.hot) {
      freezing.variants = try self.recipe.variants.map { variant in
        Freezing.Variant(
          name: variant.name,
          freezing: try self.request(for: variant).freezing(
            base: base, rootfs: rootfs, inherited, image))
      }
    }
    return freezing
  }

  /// The same for a variant of the recipe, which has what the line asks for besides.
  private func request(for variant: Recipe.Variant) -> FreezeRequest {
    var one = self
    one.name = Self.name(of: variant.name, in: name)
    one.arguments = variant.arguments ?? arguments
    one.variables.merge(variant.environment) { $1 }
    if let warmUp = variant.warmUp { one.recipe.warmUp = warmUp }
    one.recipe.variants = []
    one.tiers = [.hot]
    one.hasVariants = false
    return one
  }

  /// The name of a variant's checkpoint beside the main one's.
  static func name(of variant: String, in name: String) -> String { "\(name)-\(variant)" }

  /// The recipe with what the server's own configuration says otherwise.
  private func configured(
    _ recipe: Recipe, root: Path, folder: Path, _ environment: [String: String]
  ) throws -> Recipe {
    guard let name = recipe.configurationFile(in: arguments ?? recipe.server.arguments) else {
      return recipe
    }
    let path = name.hasPrefix("/") ? Path(name) : folder / name
    var file = root / path.string
    if let jars, !name.hasPrefix("/"), FileSystem.exists(jars / name) { file = jars / name }
    let configuration = try Configuration.load(file, as: path, environment: environment)
    return try recipe.configured(by: configuration)
  }

  /// What a command line on this machine sees of the caller's environment: where things are, not who is logged in.
  private static func ownVariables() -> [String: String] {
    Spawn.ownEnvironment().filter { name, _ in
      ["PATH", "HOME", "LANG", "TZ", "JAVA_HOME", "JDK_JAVA_OPTIONS"].contains(name)
        || name.hasPrefix("LC_")
    }
  }
}

/// Where recipes are found by name.
enum RecipeFolder {
  /// A path if it has a slash or is there, else a recipe that came with Thaw.
  static func find(_ text: String) throws -> Path {
    if text.contains("/") { return Path(text) }
    var places: [Path] = ["Recipes", "/usr/local/share/thaw/recipes", "/usr/share/thaw/recipes"]
    // Without /proc the executable is not known: the other places remain.
    if let program = try? FileSystem.readLink("/proc/self/exe") {
      places.insert(Path(program).parent.parent / "share/thaw/recipes", at: 1)
    }
    for place in places where FileSystem.exists(place / text) { return place / text }
    throw Failure(
      Failure.notFound,
      "\(text): no recipe of that name in \(places.map(\.string).joined(separator: ", ")); "
        + "give the folder of one, such as ./\(text)")
  }
}
