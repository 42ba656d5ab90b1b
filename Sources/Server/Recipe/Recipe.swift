package import Linux

/// How to start, probe, warm up and stop a server, and what it owns.
///
/// A recipe is a value: files that `recipe.yaml` names were read with it. Encoded, it has the keys
/// of the YAML file, so that a checkpoint's manifest shows the recipe as it was written.
package struct Recipe: Hashable, Sendable {
  /// The version of the format that this Thaw reads and writes.
  package static let version = 1

  /// Letters, digits, `.`, `_` and `-`.
  package var name: String
  /// What the server is called in its own log; its name, unless told.
  package var title: String?
  /// What the server is, in a line.
  package var summary: String?
  /// The program.
  package var server: Program
  /// The image under it unless the user names another, such as `ghcr.io/xtdb/xtdb:latest`.
  package var image: String?
  /// Where its own configuration says what is not as this recipe has it; nil: nowhere.
  package var configuration: ConfigurationRule?
  /// The ports that it listens on.
  package var ports: [Port]
  /// The folders that hold its data.
  package var data: [Path]
  /// The folders that belong to a checkpoint but hold no data.
  package var temporary: [Path]
  /// When it is ready.
  package var ready: Ready
  /// The question that shows that it serves; nil only when there is no probe at all.
  package var firstAnswer: Probe?
  /// What to do before it is frozen.
  package var warmUp: WarmUp
  /// What a thawed server is asked first, besides the first answer: the memory that this writes is brought back at once.
  package var training: WarmUp
  /// What to do once, after the warm-up.
  package var beforeFreeze: [Step]
  /// What to do each time that it has been thawed running; `$THAW_ID` in it is another text each time.
  package var afterThaw: [Step]
  /// How long after the freeze it may be thawed; nil: for ever.
  package var maxAge: TimeSpan?
  /// How it is frozen before its `main`, too; nil: it is not.
  package var warm: Warm?
  /// What `thaw build` makes ahead of time; nil: nothing.
  package var ahead: Ahead?
  /// With what other arguments and variables `thaw build` freezes it, too, the preferred first.
  package var variants: [Variant]
  /// What to do before each hibernation onto a volume, while others may still write: flush what it holds back.
  package var beforeHibernate: [Step]
  /// How to end it.
  package var stop: Stop
  /// Whether it bears a clock that jumps ahead.
  package var clock: ClockRule
  /// How its memory comes back.
  package var memory: MemoryRule

  /// Makes a recipe for a command line.
  ///
  /// `ports` are those of the probes when none are given; the first probe is the first answer.
  package init(
    name: String, command: [String], ready: [Probe] = [], within: TimeSpan = .seconds(120),
    environment: [String: String] = [:], workingDirectory: Path? = nil, user: User = .root,
    ports: [Port] = [], data: [Path] = [], temporary: [Path] = [], stop: Stop = Stop()
  ) {
    self.name = name
    image = nil
    configuration = nil
    title = nil
    summary = nil
    server = Program(
      command: command, environment: environment, workingDirectory: workingDirectory, user: user)
    self.ports = ports.isEmpty ? Port.asked(by: ready) : ports
    self.data = data
    self.temporary = temporary
    self.ready = Ready(within: within, probes: ready)
    firstAnswer = ready.first
    warmUp = WarmUp()
    training = WarmUp()
    beforeFreeze = []
    afterThaw = []
    maxAge = nil
    warm = nil
    ahead = nil
    variants = []
    beforeHibernate = []
    self.stop = stop
    clock = .forward
    memory = .map
  }

  /// Whether a text can be a recipe's name: letters, digits, `.`, `_`, `-`; the first a letter or
  /// digit; at most 100.
  package static func isValidName(_ name: String) -> Bool {
    guard (1...100).contains(name.utf8.count) else { return false }
    return name.utf8.enumerated().allSatisfy { index, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): index > 0
      default: false
      }
    }
  }
}
