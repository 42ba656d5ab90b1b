package import Checkpoint
package import Linux
import Server

/// Which of an image's checkpoints of running servers is asked for here.
///
/// Only the record of the image is looked at, which is read anyhow: what the others are costs a start nothing.
package struct VariantChoice {
  /// What a container is asked to run.
  package struct Asked {
    /// The arguments of the server; empty: those of the image.
    package var arguments: [String]
    /// All of its environment.
    package var environment: [String: String]
    package var workingDirectory: Path?
    package var user: UInt32
    package var group: UInt32

    package init(
      arguments: [String], environment: [String: String], workingDirectory: Path?, user: UInt32,
      group: UInt32
    ) {
      self.arguments = arguments
      self.environment = environment
      self.workingDirectory = workingDirectory
      self.user = user
      self.group = group
    }
  }

  /// One of them.
  package struct Option {
    package var variant: ImageRecord.Variant
    /// Why it is not what is asked for; nil if it is, or where only its manifest tells.
    package var misfit: String?
  }

  /// All of them, in the order in which they are tried.
  ///
  /// The first one's data are those that an empty volume is filled with, and that others are compared with: memory and data
  /// belong together, so no other may be thawed onto them.
  package let options: [Option]
  /// The program to be started, as the first of them calls it.
  package let program: Manifest.Program

  /// Chooses the first that is what is asked for; of several such the first whose code this machine can run.
  package init(
    _ record: ImageRecord, _ asked: Asked, host: () -> HostFacts = HostFacts.current
  ) {
    let all = record.all
    var options = all.map { variant in
      Option(
        variant: variant,
        misfit: variant.tier == .hot
          ? Verdict.misfit(of: variant.program, asked: Self.program(variant, record, asked)) : nil)
    }
    let fitting = options.indices.filter { options[$0].misfit == nil }
    var first = fitting.first ?? 0
    if fitting.count > 1 {
      let host = host()
      first =
        fitting.first {
          options[$0].variant.host.map { Verdict.offers(host, asFrozenOn: $0) } ?? true
        } ?? first
    }
    options.insert(options.remove(at: first), at: 0)
    // Those that may do come before those that will not.
    self.options = options.filter { $0.misfit == nil } + options.filter { $0.misfit != nil }
    program = Self.program(self.options[0].variant, record, asked)
  }

  /// What is asked for, as one of them would be: what the engine adds to an environment is as it was then.
  private static func program(
    _ variant: ImageRecord.Variant, _ record: ImageRecord, _ asked: Asked
  ) -> Manifest.Program {
    var program = variant.program
    // Without an argument the engine gives those of the image, which are the recipe's.
    program.words =
      asked.arguments.isEmpty
      ? record.program.words
      : record.recipe.server.words(replacingArguments: asked.arguments)
    program.environment = ImageEnvironment.judged(
      asked.environment, frozen: variant.program.environment)
    // Not to be found where the folder was removed: the server is started where it was frozen.
    if let here = asked.workingDirectory { program.workingDirectory = here }
    program.user = asked.user
    program.group = asked.group
    return program
  }

  /// The checkpoints to be tried for it: these, then the one before `main`.
  func candidates(_ record: ImageRecord) -> [InitPlan.Candidate] {
    options.enumerated().map { place, option in
      var candidate = InitPlan.Candidate(option.variant.home)
      candidate.misfit = option.misfit
      candidate.hasOtherData = place > 0 && !record.recipe.data.isEmpty
      candidate.variant = options.count > 1 ? option.variant.name : nil
      return candidate
    } + [.init(ImageHome.warm)]
  }
}
