import Linux
package import Memory

/// What a watched trial found out about a checkpoint.
package struct TrialResult: Sendable, Codable, Hashable {
  /// From the start of PID 1 to the first answer, in milliseconds.
  package var answered: Double
  /// For each process the mapped pages that it had written by its first answers.
  package var written: [Int32: Pages]
  /// Which ranges of the memory file were in the page cache then, start and end in turns.
  package var cached: [Int64]
  /// The calls that speak against mapping.
  package var findings: [Finding]
  /// Why the warm-up could not be done to its end; nil: it could.
  package var hindrance: String?

  /// The ranges of `cached`.
  package var cachedRanges: [Range<Int64>] {
    stride(from: 0, to: cached.count - 1, by: 2).map {
      cached[$0]..<max(cached[$0], cached[$0 + 1])
    }
  }
}
