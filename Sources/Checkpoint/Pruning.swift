package import Linux

/// Which checkpoints of a store are more than is wanted: a pure function of what there is and of limits.
///
/// Limits count checkpoints with names; what they need, and nobody else, goes with them. One that a hibernated server
/// or a name needs is never chosen.
package struct Pruning: Sendable, Hashable {
  /// How many are kept at most, the newest; nil: any number.
  package var count: Int?
  /// How old one may be; nil: any age.
  package var age: Duration?
  /// How much room all of them may take together; the newest are kept; nil: any.
  package var size: ByteCount?

  package init(count: Int? = nil, age: Duration? = nil, size: ByteCount? = nil) {
    self.count = count
    self.age = age
    self.size = size
  }

  /// A checkpoint that is to go, and why.
  package struct Choice: Sendable, Hashable {
    package var id: String
    package var reason: String
  }

  /// Chooses among all of a store.
  ///
  /// - Parameters:
  ///   - stored: as the store lists them, the newest first.
  ///   - now: the time of day.
  /// - Returns: what to remove, each before what it needs: nameless ones that nothing needs, and those beyond the limits.
  package func choose(among stored: [CheckpointStore.Stored], now: Timestamp) -> [Choice] {
    var choices: [Choice] = []
    var kept: [CheckpointStore.Stored] = []
    var total: UInt64 = 0
    for one in stored where !one.names.isEmpty {
      // What cannot be read is not removed unasked: its server may still be started cold.
      guard let manifest = one.manifest else { continue }
      let needed = stored.filter { manifest.needed.contains($0.id) && $0.names.isEmpty }
      let bytes = ([one] + needed).reduce(0) { $0 + ($1.manifest?.size.bytes ?? 0) }
      if let reason = excess(manifest, kept: kept.count, total: total + bytes, now: now) {
        choices.append(Choice(id: one.id, reason: reason))
      } else {
        kept.append(one)
        total += bytes
      }
    }
    let gone = Set(choices.map(\.id))
    let wanted = Set(
      stored.filter { !gone.contains($0.id) }.flatMap { $0.manifest?.needed ?? [] })
    // A name may have become another's, whose memory it holds.
    choices.removeAll { wanted.contains($0.id) }
    for one in stored where one.names.isEmpty && !isNeeded(one, stored) {
      choices.append(Choice(id: one.id, reason: "it has no name, and nothing needs it"))
    }
    return choices
  }

  private func excess(
    _ manifest: Manifest, kept: Int, total: UInt64, now: Timestamp
  ) -> String? {
    if let age, now.since(manifest.created) > age { return "it is too old" }
    if let count, kept >= count { return "\(count) newer ones are kept" }
    if let size, total > size.bytes { return "all together would be more than \(size)" }
    return nil
  }

  private func isNeeded(
    _ one: CheckpointStore.Stored, _ stored: [CheckpointStore.Stored]
  ) -> Bool {
    stored.contains { $0.id != one.id && $0.manifest?.needed.contains(one.id) == true }
  }
}
