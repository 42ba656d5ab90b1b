import Checkpoint
import Linux

/// A checkpoint as `--json` prints it.
struct CheckpointLine: Encodable {
  var id: String
  var names: [String]
  var server: String?
  var tier: String?
  var created: Int64?
  var bytes: UInt64?
  var image: String?
  var coldStartMilliseconds: Double?
  var trialThawMilliseconds: Double?
  /// The checkpoint whose memory file it maps, and which cannot be removed before it.
  var parent: String?
  /// The checkpoint that is thawed where this one may not be.
  var fallback: String?
  /// A name of the checkpoint that falls back to it.
  var fallbackOf: String?
  var damaged: String?

  init(_ checkpoint: Checkpoint, names: [String]) {
    self.init(id: checkpoint.id, names: names, checkpoint.manifest)
  }

  init(_ stored: CheckpointStore.Stored) {
    self.init(id: stored.id, names: stored.names, stored.manifest)
    if case .damaged(let error) = stored.state { damaged = "\(error)" }
  }

  private init(id: String, names: [String], _ manifest: Manifest?) {
    self.id = id
    self.names = names
    guard let manifest else { return }
    server = manifest.server
    tier = manifest.tier.rawValue
    created = manifest.created.seconds
    bytes = manifest.size.bytes
    image = manifest.base.reference
    coldStartMilliseconds = manifest.history.coldStart
    trialThawMilliseconds = manifest.history.trialThaw
    fallback = manifest.fallback
    parent = manifest.memory.file?.checkpoint
  }
}
