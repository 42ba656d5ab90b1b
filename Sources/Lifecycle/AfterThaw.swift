import Linux
import Server

/// What a recipe has done to a server that goes on where it was frozen: to renew what must be its own, as every thaw of a
/// checkpoint begins with the same memory.
struct AfterThaw {
  /// What stands for the thaw's id in the recipe's steps, and the variable that commands have it in.
  static let idName = "THAW_ID"

  /// How long all steps may take that have no limit of their own.
  private static let patience = TimeSpan.seconds(10)

  let plan: InitPlan

  /// Does the steps; the result is why they failed, nil if they did not.
  ///
  /// `server` is a child of this process, and `cancel` is readable when it is to be given up.
  func run(_ server: Int32, cancel: Int32) -> String? {
    guard !plan.recipe.afterThaw.isEmpty else { return nil }
    let id = Host.randomName() + Host.randomName()
    var commands = ColdStart.commands(plan, server: server)
    commands.environment[Self.idName] = id
    let steps = plan.recipe.afterThaw.map { $0.replacing("$\(Self.idName)", with: id) }
    do throws(Errno) {
      let process = try Processes.open(server)
      let result = WarmUp(within: Self.patience, steps: steps).run(
        watch: Watch(server: process.rawValue, cancel: cancel), commands: commands)
      switch result.ending {
      case .finished where result.record.steps.contains(where: \.cutShort):
        return "after-thaw: not done within \(Self.patience)"
      case .finished: return nil
      case .failed(let why): return "after-thaw: \(why)"
      case .died: return "after-thaw: the thawed server ended"
      case .cancelled: return "after-thaw: stopped"
      }
    } catch {
      return "after-thaw: \(error)"
    }
  }
}
