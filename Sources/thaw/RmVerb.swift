import Arguments
import Checkpoint
import Images
import Linux
import Terminal

/// `thaw rm`: removes checkpoints and containers.
enum RmVerb {
  static let force = Option(
    flag: "force", short: "f", "Stop containers that run, then remove them.")
  static let names = Positional(
    repeated: "NAME", .checkpoint, atLeast: 1, "A checkpoint or a container: its name or id.")

  static let command = Command(
    "rm", summary: "Remove checkpoints, or containers that have ended.",
    discussion: """
      A checkpoint goes with all that was kept with it; one that a running server was started from \
      is not removed. A container goes with its log and all that it wrote outside of volumes.

      Where a checkpoint and a container have the same name, --checkpoint or --container says \
      which is meant.
      """,
    arguments: [names], options: [force, Target.onlyCheckpoint, Target.onlyContainer],
    exclusive: [[Target.onlyCheckpoint, Target.onlyContainer]],
    examples: [
      .init("thaw rm ledger", "Removes the checkpoint `ledger`."),
      .init("thaw rm --force shop-1", "Stops the container `shop-1` and removes it."),
    ], exitCodes: Failure.common, run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    SignalSet.endThisProgram()
    let output = try Globals.output(parsed)
    let stock = try Stock(parsed)
    let kind = try Target.Kind(parsed)
    let isForced = try parsed[force]
    let code = forEach(try parsed[names], output) { name in
      let removed =
        switch try Target.find(name, kind, in: stock) {
        case .container(let record): try remove(record, force: isForced, stock, output)
        case .checkpoint(let stored): try remove(stored, stock)
        }
      try output.result(removed, output.isQuiet ? removed.name : removed.text)
    }
    return try output.ended(code)
  }

  private static func remove(
    _ record: ContainerRecord, force: Bool, _ stock: Stock, _ output: Output
  ) throws -> Removed {
    let runc = try stock.runc()
    if force { _ = try StopVerb.stop(record, patience: nil, stock, output) }
    do {
      try stock.containers.remove(record.id, runc: runc)
    } catch {
      switch error.code {
      // It was to be removed when it ended.
      case .noSuchContainer: break
      case .stillRunning:
        throw Failure(
          Failure.taken,
          "\(record.name): the container runs; stop it first with `thaw stop \(record.name)`, "
            + "or add --force")
      default: throw error
      }
    }
    return Removed(kind: "container", name: record.name, id: record.id)
  }

  private static func remove(_ stored: CheckpointStore.Stored, _ stock: Stock) throws -> Removed {
    let name = stored.allNames.joined(separator: ", ")
    do {
      try stock.checkpoints.remove(stored.id)
    } catch {
      guard error.code == .inUse else { throw error }
      // What holds the memory of others is told by the store.
      if try !stock.checkpoints.children(of: stored.id).isEmpty { throw error }
      throw Failure(Failure.taken, "\(name): \(reasonForUse(stored.id, stock))")
    }
    return Removed(
      kind: "checkpoint", name: name, id: stored.id, bytes: stored.manifest?.size.bytes)
  }

  private static func reasonForUse(_ id: String, _ stock: Stock) -> String {
    // Whoever uses it, it is in use; their names are a help only.
    let users = ((try? stock.containers.list()) ?? []).filter {
      $0.checkpointID == id && $0.state != .exited
    }.map(\.name).joined(separator: " ")
    return users.isEmpty
      ? "the checkpoint is in use; try again when its start or trial is over"
      : "a server that was started from it runs; stop it first: thaw stop \(users)"
  }

  /// What was removed.
  struct Removed: Encodable {
    var kind: String
    var name: String
    var id: String
    var bytes: UInt64?

    /// One line for people.
    var text: String {
      "\(name): \(kind) removed" + (bytes.map { ", \(ByteCount($0)) freed" } ?? "")
    }
  }
}
