import Arguments
import Checkpoint
import Images
import Linux
import Server

/// What lies below Thaw's folder, for verbs that look and clean up: no tool of the bundle is needed
/// to look.
struct Stock {
  let root: Path
  let checkpoints: CheckpointStore
  let containers: Containers

  /// The folder that the line asks for; it need not be there yet.
  init(_ parsed: Parsed) throws {
    try self.init(root: Path(try parsed[Globals.root]))
  }

  /// Takes a folder; one that is root's is for root alone.
  init(root: Path) throws {
    self.root = root
    checkpoints = CheckpointStore(root: root)
    containers = Containers(root: root)
    guard Host.user != 0 else { return }
    for folder in [root, root / "checkpoints", root / "containers"] {
      do {
        if try FileSystem.status(folder).owner == Host.user { continue }
      } catch .noEntry {
        continue
      } catch {
        // It cannot even be looked at: it is another's, too.
      }
      throw Failure(
        Failure.notRoot,
        "\(folder): belongs to another user, and this is user \(Host.user); "
          + "run it as root, for example with sudo")
    }
  }

  /// Starts and ends containers; throws where the bundle is missing.
  func runc() throws -> Runc { Runc(bundle: try Bundle.locate()) }

  /// Cleans up after monitors that were killed, as far as that can be done now.
  func sweep() throws {
    // Without runc nothing runs, and without root nothing may be changed: what is left is shown as
    // it is.
    guard Host.user == 0, let runc = try? runc() else { return }
    try Engine.sweep(containers, checkpoints, runc: runc)
  }

  /// The names of the checkpoint that a container was started from, or its id if a later one has
  /// taken them.
  func checkpointName(of record: ContainerRecord) -> String? {
    guard let id = record.checkpointID else { return record.checkpoint }
    // A store that cannot be read has no names.
    let names = (try? checkpoints.names(of: id)) ?? []
    return names.first ?? String(id.prefix(12))
  }

  /// How long a container's server may take to end: what its recipe says, else 30 s.
  func patience(of record: ContainerRecord) -> Duration {
    let standard = Duration.seconds(30)
    // A checkpoint that is gone or damaged says nothing.
    guard let id = record.checkpointID, let checkpoint = try? checkpoints.find(id),
      let bytes = try? FileSystem.readFile(checkpoint.recipe),
      let recipe = try? JSONText.decode(Recipe.self, from: bytes)
    else { return standard }
    return recipe.stop.within.duration + (record.hibernatesWithin?.duration ?? .zero)
  }
}
