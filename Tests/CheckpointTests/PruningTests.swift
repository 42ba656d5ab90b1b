import Linux
import Testing

@testable import Checkpoint

struct PruningTests {
  private let now = Timestamp(seconds: 1_795_100_000)

  /// A checkpoint of 100 bytes that is so many hours old.
  private func one(
    _ id: String, _ names: [String], hours: Int64, needs: String? = nil, holds: String? = nil
  ) -> CheckpointStore.Stored {
    var manifest = Samples.manifest(contents: [
      .init(path: "memory", size: 100, digest: Digest(of: []))
    ])
    manifest.created = Timestamp(seconds: now.seconds - hours * 3600)
    manifest.fallback = needs
    if let holds {
      manifest.memory.file = .init(size: 1, pages: ByteCount(1), checkpoint: holds)
    }
    return .init(id: id, names: names, path: "/", state: .whole(manifest))
  }

  /// The newest first: c with its fallback w, b, and a, whose memory h holds for a hibernated one.
  private var store: [CheckpointStore.Stored] {
    [
      one("c", ["c"], hours: 1, needs: "w"), one("w", [], hours: 1),
      one("b", ["b"], hours: 10), one("a", ["a"], hours: 100, holds: "h"),
      one("h", [], hours: 200),
    ]
  }

  private func chosen(_ pruning: Pruning, _ more: [CheckpointStore.Stored] = []) -> [String] {
    pruning.choose(among: store + more, now: now).map(\.id)
  }

  @Test func `without a limit only what nobody could find goes`() {
    #expect(chosen(Pruning()) == [])
    #expect(chosen(Pruning(), [one("x", [], hours: 0)]) == ["x"])
  }

  @Test func `limits leave the newest, with what they need`() {
    #expect(chosen(Pruning(count: 2)) == ["a"])
    #expect(chosen(Pruning(count: 1)) == ["b", "a"])
    #expect(chosen(Pruning(age: .seconds(11 * 3600))) == ["a"])
    // Each counts with what it alone needs: 200, 100 and 200 bytes.
    #expect(chosen(Pruning(size: ByteCount(300))) == ["a"])
    #expect(chosen(Pruning(size: ByteCount(299))) == ["b", "a"])
  }

  @Test func `one whose memory another needs stays`() {
    let hibernated = one("new", ["new"], hours: 0, holds: "b")
    let choices = Pruning(count: 1).choose(among: [hibernated] + store, now: now)
    #expect(choices.map(\.id) == ["c", "a"])
  }

  @Test func `what cannot be read is not removed unasked`() {
    let damaged = CheckpointStore.Stored(
      id: "d", names: ["d"], path: "/",
      state: .damaged(CheckpointError(.damaged, "d", "is damaged", fix: "")))
    #expect(chosen(Pruning(count: 1), [damaged]) == ["b", "a"])
  }
}
