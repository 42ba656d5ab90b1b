import Checkpoint
import Lifecycle
import Linux

extension Sheet {
  /// What an image holds, and what each of its checkpoints is for.
  init(_ details: ImageDetails) {
    add("Image") {
      $0.add("name", details.image)
      $0.add("engine", details.engine)
      $0.add("server", details.server)
      $0.add("before main", details.isWarm ? "one, for all that those below are not for" : "none")
    }
    let main = details.checkpoints.first?.program
    for checkpoint in details.checkpoints {
      let program = checkpoint.program
      add("Checkpoint \(checkpoint.name)") {
        $0.add("for", checkpoint.isMain ? "the image's own arguments and variables" : nil)
        $0.add("command", CommandText.joined(program.words))
        let other =
          checkpoint.isMain
          ? program.environment
          : program.environment.filter { main?.environment[$0.key] != $0.value }
        $0.add(checkpoint.isMain ? "environment" : "-e", CommandText.variables(other))
        $0.add("processor", checkpoint.host?.processor)
        $0.add("kernel", checkpoint.host.map { "\($0.kernel) or later" })
        $0.add(
          "data",
          "\(checkpoint.data.entries.count) files, \(checkpoint.data.size), for empty volumes")
      }
    }
  }
}
