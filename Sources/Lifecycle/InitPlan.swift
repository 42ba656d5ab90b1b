package import Checkpoint
package import Linux
package import Server

/// What PID 1 of a container is to do: written by the engine, read by `thaw init`.
package struct InitPlan: Sendable, Codable {
  /// What is to be done.
  package enum Task: String, Sendable, Codable {
    /// Start the server, warm it up, freeze it into `checkpoint`.
    case freeze
    /// Thaw the first of `candidates` that may be, or else start cold, then supervise.
    case start
    /// Look at `candidates` as a start would, tell what was found, and start nothing.
    case explain
    /// Thaw `checkpoint` under watch, do the warm-up again, and tell what was seen.
    case trial
    /// Start the server, warm it up, and end it.
    case rehearse
    /// Thaw the first of `candidates`, ask it `questions`, and tell how long that took.
    case measure
  }

  package var task: Task
  package var recipe: Recipe
  /// What to run, with all of its environment.
  package var program: Manifest.Program
  /// How much of a start the checkpoint is to save, where one is made.
  package var tier = Manifest.Tier.hot
  /// Where the checkpoint is to be that is made, or is that is tried.
  package var checkpoint: Path?
  /// The checkpoints to start from, the best first.
  package var candidates: [Candidate] = []
  /// The folder that holds the bundle's `criu/`; nil: the CRIU of the system.
  package var bundle: Path?
  /// Whether a server that cannot be thawed is started cold.
  package var mayStartCold = true
  /// A checkpoint that a server may be thawed from.
  package struct Candidate: Sendable, Codable, Hashable {
    /// Its folder.
    package var path: Path
    /// What the engine knows to speak against it; nil: nothing.
    package var doubt: String?
    /// Whether it was hibernated onto a volume by a container of the same image, and the volumes are what they were then.
    package var isHibernated = false
    /// What it is called, where an image has several of running servers.
    package var variant: String?
    /// Why it is not what is asked for, where that is known without opening it.
    package var misfit: String?
    /// Whether the data folders were filled for another candidate, or compared with that one's data.
    package var hasOtherData = false

    package init(_ path: Path, doubt: String? = nil) {
      self.path = path
      self.doubt = doubt
    }
  }

  /// The checkpoint that stands for all candidates: what is hibernated belongs to it, whichever its server was thawed from; nil:
  /// the first one.
  package var main: Path?
  /// Why nothing is to be thawed; nil: the verdict decides.
  package var coldBecause: String?
  /// Volumes on the server's data folders whose content is not that of the checkpoint.
  package var foreignVolumes: [Path] = []
  /// Data folders that would be filled before a start: what is missing in them now will be there.
  package var unfilled: [Path] = []
  /// Whether to keep CRIU's knowledge of this kernel beside the checkpoint.
  package var keepsKernelData = false
  /// Whether the engine, when it is told of a cold start, has the container give high pids.
  package var engineSetsPIDs = false
  /// Whether what is rehearsed is no server, but a program that has succeeded when it ends with 0.
  package var endsByItself = false
  /// Whether the checkpoint is part of the image that this container was made of: its layers were verified by who
  /// pulled it.
  package var isInImage = false
  /// The server's volumes, and what is done with it when the container is told to end; nil: it is stopped.
  package var stop: StopPlan?
  /// Whether the server will be hibernated then; it gets pids that leave room for a thaw's helpers.
  package var hibernatesOnStop = false
  /// Why the content of a foreign volume is another, if that is known.
  package var foreignBecause: String?
  /// The environment of a cold start, if not that of `program`.
  package var coldEnvironment: [String: String]?
  /// What a thawed server is asked whose answers are measured; without a step: its first question, over and over.
  package var questions: WarmUp?
  /// Whether the engine asks for the first answer to be waited for and told.
  package var asksFirstAnswer = true

  /// Whether CRIU restores as `criu restore --lazy-pages` does: only for `thaw bench`, to compare with.
  package var lazyPages = false
  /// Whether the thawed server stands still: only for `thaw bench`, which thaws servers without memory.
  package var leavesStopped = false

  /// How much CRIU logs at a thaw; nil: errors only.
  package var criuLog: Int32?
  /// How long CRIU may take; nil: as long as the server's memory needs.
  package var criuPatience: TimeSpan?

  package init(task: Task, recipe: Recipe, program: Manifest.Program) {
    self.task = task
    self.recipe = recipe
    self.program = program
  }

  /// Where the engine puts the plan inside of a container.
  package static let path: Path = "/run/thaw/plan.json"

  /// The time that CRIU gets for a dump or a thaw, after which it is killed with its tree.
  ///
  /// Ten minutes would be far too long to wait for a CRIU that hangs; a large heap on a slow disk is copied at 100 MB/s at least.
  package func patience(for memory: ByteCount = ByteCount(0)) -> Duration {
    criuPatience?.duration ?? .seconds(20) + .milliseconds(Int64(memory.bytes / 100_000))
  }
}
