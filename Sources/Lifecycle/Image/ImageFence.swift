import Checkpoint
import Linux
import Server

/// The fences of a server's volumes in a container of its image.
///
/// Its folders must be locked by this process.
struct ImageFence {
  /// A data folder on a volume.
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

  /// Names in a data folder that are not the server's.
  static let foreignNames = DataFolder.foreign.union([ImageHome.linkName])

  private(set) var volumes: [Volume] = []
  /// Why the server cannot be hibernated; nil if it can.
  private(set) var obstacle: String?
  private(set) var found = Found.nothing

  /// Looks at the volumes of a server's data folders.
  ///
  /// `image` is the digest of the manifest of the image's own checkpoint, to which a hibernated one belongs.
  init(_ folders: [Path], image: Digest?) {
    // Where mounts cannot be told there is no volume.
    let table = (try? Mount.table()) ?? []
    if folders.isEmpty { obstacle = "the recipe names no data folder" }
    for folder in folders {
      guard DataVolume.holds(folder, in: table) else {
        obstacle = "\(folder) is not on a volume"
        continue
      }
      do throws(Errno) {
        let home = VolumeMark.Home(try FileSystem.status(folder))
        volumes.append(Volume(fence: Fence(folder), home: home))
      } catch {
        obstacle = "looking at \(folder): \(error)"
      }
    }
    if !Host.supportsKcmp() {
      refuse("seccomp forbids kcmp; add --security-opt seccomp=Images/seccomp.json")
    } else if !ColdStart.capabilities.contains(.checkpointRestore) {
      refuse("CAP_CHECKPOINT_RESTORE is missing; add --cap-add CHECKPOINT_RESTORE")
    }
    found = look(image)
  }

  private func look(_ image: Digest?) -> Found {
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
    guard let image, manifest.history.parent == image.hexadecimal else {
      return .other("it was hibernated in a container of another image")
    }
    for volume in all {
      if let reason = Self.change(of: volume, in: path) { return .other(reason) }
    }
    return .checkpoint(path)
  }

  /// What is not as the checkpoint's table of files says.
  private static func change(of volume: FrozenVolume, in checkpoint: Path) -> String? {
    do {
      let kept = try FileSystem.readFile(checkpoint / volume.table.string)
      return try VolumeTable(of: volume.path, leavingOut: foreignNames)
        .firstChange(from: kept).map { "\(volume.path): \($0) since it was hibernated" }
    } catch {
      return "\(volume.path): its files cannot be compared: \(error)"
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
