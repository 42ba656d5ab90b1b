import Checkpoint
import Linux
import TestBed

/// A machine whose clocks say something else than when a server was hibernated.
///
/// Nobody can set the time of day for one container, and with it for a whole machine; so the other side is changed: the
/// hibernated checkpoint says that it was made at another time, and the volume's mark that it is that checkpoint.
struct SetClock: Sendable {
  /// How much later the time of day is than at the hibernation, in seconds.
  var timeOfDay: Int64 = 0
  /// How much less the machine has been up than when the server was hibernated, in seconds.
  var sinceStart: Double = 0

  static let year: Int64 = 365 * 86_400

  /// Changes what was hibernated onto a volume.
  func apply(to volume: Path) throws {
    let fence = Fence(volume)
    let file = fence.checkpoint / "manifest.json"
    var manifest = try Manifest.decode(try FileSystem.readFile(file), path: file)
    manifest.created.seconds -= timeOfDay
    manifest.clock.monotonic = max(0, manifest.clock.monotonic + sinceStart)
    manifest.clock.bootTime = max(0, manifest.clock.bootTime + sinceStart)
    let bytes = try JSONText.encode(manifest)
    try FileSystem.writeFile(file, bytes)
    guard var mark = fence.mark() else { throw Errno.noEntry }
    mark.frozen = Digest(of: bytes)
    try FileSystem.writeFile(fence.folder / "volume.json", try JSONText.encode(mark))
  }
}
