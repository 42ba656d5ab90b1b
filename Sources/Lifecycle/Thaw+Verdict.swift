import CRIU
import Checkpoint
import Linux

/// Whether a checkpoint may be thawed here.
extension Thaw {
  /// Why nothing can be said.
  struct Hindrance: Error {
    var reason: String
    var log: [String] = []
    var isCancelled = false

    var outcome: Outcome { isCancelled ? .cancelled : .refused(reason, log: log) }
  }

  /// The CRIU that would restore it.
  func client() throws(Hindrance) -> Client {
    do throws(InitFailure) {
      return try CRIUAtHand.client(plan, groups: manifest.program.supplementaryGroups)
    } catch {
      throw Hindrance(reason: "\(error)")
    }
  }

  /// Looks at all that speaks for and against a thaw here.
  func verdict(_ client: Client, cancel: Int32) throws(Hindrance) -> Verdict {
    let version: String
    do throws(CRIUError) {
      version = try self.version(client, cancel: cancel)
    } catch {
      throw Hindrance(
        reason: error.sentence, log: error.log, isCancelled: error.code == .cancelled)
    }
    do throws(Errno) {
      return Verdict.judge(manifest, in: try situation(criu: version))
    } catch {
      throw Hindrance(reason: "looking at this container: \(error)")
    }
  }

  /// What there is here, as far as PID 1 can see it.
  private func situation(criu: String) throws(Errno) -> Verdict.Situation {
    var program = plan.program
    // Who becomes the server's user has any groups; who is it already has none but its own.
    program.supplementaryGroups =
      Host.user == program.user ? Host.supplementaryGroups : manifest.program.supplementaryGroups
    return Verdict.Situation(
      host: HostFacts.current(), program: program, now: Clock.wall(),
      monotonic: Clock.monotonic().seconds,
      capabilities: ColdStart.capabilities.map(\.name), clone3: Host.supportsClone3(), criu: criu,
      changedFile: try filesToCompare.firstChange(meaning: ConfigurationText.meaning),
      foreignVolumes: foreignVolumes,
      foreignBecause: hasOtherData
        ? "those of another checkpoint of the image" : plan.foreignBecause)
  }

  private var foreignVolumes: [Path] {
    if isHibernated { return [] }
    return hasOtherData ? manifest.data : plan.foreignVolumes
  }

  /// Files that the server needs unchanged, but for those that will be there when a folder is filled.
  private var filesToCompare: FileTable {
    guard !plan.unfilled.isEmpty else { return manifest.openFiles }
    return FileTable(
      manifest.openFiles.entries.filter { entry in
        !plan.unfilled.contains { entry.path.isInside($0) }
      })
  }

  /// Which CRIU there is: to ask it takes a start of its own, which the very program that made the dump does not need.
  private func version(_ client: Client, cancel: Int32) throws(CRIUError) -> String {
    let criu = manifest.criu
    if let program = client.installation.command.last,
      let build = try? Manifest.CRIUFacts.build(of: Path(program)), build == criu.build
    {
      return criu.version
    }
    return "\(try client.requireVersion(deadline: .after(plan.patience()), cancel: cancel))"
  }
}
