import Checkpoint
import Linux
import Server

/// The fences of the volumes that a server has its data on.
///
/// They must be locked by this process, or by whoever started it.
struct VolumeFences {
  /// A volume.
  struct Volume {
    var fence: Fence
    var home: VolumeMark.Home
    /// What this process wrote; nil before that, or if there was no room.
    var mark: VolumeMark?
  }

  /// What was found of an earlier hibernation.
  enum Found {
    /// There was none.
    case nothing
    /// A checkpoint that may be thawed on the volumes as they are.
    case checkpoint(Path)
    /// Something that may not.
    case other(String)
  }

  /// Names in a volume that are not the server's.
  private static func foreignNames(in volume: Path) -> Set<String> {
    // A server may call something of its own so.
    let link = try? FileSystem.readLink(volume / ImageHome.linkName)
    guard link == ImageHome.checkpoint.string else { return DataFolder.foreign }
    return DataFolder.foreign.union([ImageHome.linkName])
  }

  /// The table of what the server has in a folder of the host: a volume with its data, or anything else that it sees.
  static func table(of folder: Path, holdsData: Bool) throws -> VolumeTable {
    try VolumeTable(
      of: folder, leavingOut: holdsData ? foreignNames(in: folder) : ["lost+found"])
  }

  private(set) var volumes: [Volume] = []
  /// Why the server cannot be hibernated; nil if it can.
  private(set) var obstacle: String?
  private(set) var found = Found.nothing
  /// What else of the host the server sees.
  let besides: [Path]

  /// Looks at the volumes.
  ///
  /// `parent` is the digest of the manifest of the server's own checkpoint, to which a hibernated one belongs.
  init(_ stop: StopPlan, parent: Digest?) {
    obstacle = stop.obstacle
    besides = stop.besides
    for folder in stop.volumes {
      do throws(Errno) {
        let home = VolumeMark.Home(try FileSystem.status(folder))
        volumes.append(Volume(fence: Fence(folder), home: home))
      } catch {
        refuse("looking at \(folder): \(error)")
      }
    }
    if !Host.supportsKcmp() {
      refuse("seccomp forbids kcmp; add --security-opt seccomp=Images/seccomp.json")
    } else if !ColdStart.capabilities.contains(.checkpointRestore) {
      refuse("CAP_CHECKPOINT_RESTORE is missing; add --cap-add CHECKPOINT_RESTORE")
    }
    found = look(parent)
  }

  private func look(_ parent: Digest?) -> Found {
    guard let first = volumes.first else { return .nothing }
    let path = first.fence.checkpoint
    // A checkpoint that cannot be read is none.
    let digest = try? Digest(ofFile: path / "manifest.json")
    let manifest = try? Checkpoint.read(path).manifest
    var hasAny = false
    for volume in volumes {
      let verdict = FenceVerdict.judge(
        .init(
          mark: volume.fence.mark(), home: volume.home,
          frozen: manifest?.volumes?.first { $0.path == volume.fence.volume }, checkpoint: digest))
      switch verdict {
      case .never: continue
      case .other(let reason): return .other(reason)
      case .same: hasAny = true
      }
    }
    guard hasAny, let manifest, let all = manifest.volumes, all.count == volumes.count else {
      return hasAny ? .other("the checkpoint is of other volumes") : .nothing
    }
    guard let parent, manifest.history.parent == parent.hexadecimal else {
      return .other("it was hibernated in a container of another image or checkpoint")
    }
    let others = manifest.besides ?? []
    guard Set(others.map(\.path)) == Set(besides) else {
      return .other("it was hibernated with other folders of the host before its eyes")
    }
    let reason =
      all.lazy.compactMap { Self.change(of: $0.path, true, table: path / $0.table.string) }.first
      ?? others.lazy.compactMap { Self.change(of: $0.path, false, table: path / $0.table.string) }
      .first
    return reason.map { .other($0) } ?? .checkpoint(path)
  }

  /// What is not as the checkpoint's table of files says.
  private static func change(of folder: Path, _ holdsData: Bool, table file: Path) -> String? {
    do {
      let kept = try FileSystem.readFile(file)
      return try table(of: folder, holdsData: holdsData)
        .firstChange(from: kept).map { "\(folder): \($0) since it was hibernated" }
    } catch {
      return "\(folder): its files cannot be compared: \(error)"
    }
  }

  /// Marks all volumes dirty: from then on a server may run on them.
  mutating func begin() {
    for index in volumes.indices {
      let fence = volumes[index].fence
      do throws(Errno) {
        volumes[index].mark = try fence.begin(
          at: volumes[index].home, id: Host.randomName())
        if volumes[index].mark == nil { refuse("there is no room on \(fence.volume)") }
      } catch {
        refuse("\(fence.volume) cannot be marked: \(error)")
        // It says that it is clean, and would still when the server has changed it.
        if case .checkpoint = found { found = .other("the volume cannot be marked: \(error)") }
      }
    }
    // What may not be thawed will never be again. What cannot be removed is refused the next time, too.
    if case .checkpoint = found { return }
    discard()
  }

  /// Removes the checkpoint of the last hibernation, unless a volume still says that it is its own.
  func discard() {
    guard let first = volumes.first, first.fence.mark()?.state != .clean else { return }
    try? first.fence.discard()
  }

  private mutating func refuse(_ reason: String) {
    obstacle = obstacle ?? reason
  }
}
