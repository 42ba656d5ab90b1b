import Linux
import TestBed
import Testing

@testable import Checkpoint

/// The fence's rules, and its marks on a real disk.
@Suite(.timeLimit(.minutes(1))) struct FenceTests {
  private static let home = VolumeMark.Home(device: 7, inode: 42)
  private static let digest = Digest(of: [1])
  private static let dirty = VolumeMark(id: "a", generation: 3, state: .dirty, home: home)
  private static let clean = dirty.frozen(by: digest)

  private func findings(
    _ change: (inout FenceVerdict.Findings) -> Void = { _ in }
  ) -> FenceVerdict.Findings {
    var found = FenceVerdict.Findings(
      mark: Self.clean, home: Self.home,
      frozen: FrozenVolume(Self.dirty, path: "/data", entries: 1, table: "volumes/0"),
      checkpoint: Self.digest)
    change(&found)
    return found
  }

  @Test func `a volume that is clean and of the checkpoint's generation is the same`() {
    #expect(FenceVerdict.judge(findings()) == .same)
  }

  @Test func `a volume without a mark and a checkpoint was never hibernated`() {
    #expect(
      FenceVerdict.judge(
        findings {
          $0.mark = nil
          $0.checkpoint = nil
        }) == .never)
  }

  @Test func `anything else that differs is another volume, and said`() {
    let changes: [(String, (inout FenceVerdict.Findings) -> Void)] = [
      ("nothing says", { $0.mark = nil }),
      (
        "was not hibernated",
        {
          $0.mark = Self.dirty; $0.checkpoint = nil
        }
      ),
      ("is gone", { $0.checkpoint = nil }),
      ("a server ran", { $0.mark = Self.dirty }),
      ("another checkpoint", { $0.checkpoint = Digest(of: [2]) }),
      ("another volume", { $0.frozen = nil }),
      ("another volume", { $0.frozen?.id = "b" }),
      ("of generation 3", { $0.frozen?.generation = 2 }),
      ("a copy or a snapshot", { $0.home.inode = 43 }),
      ("a copy or a snapshot", { $0.home.device = 8 }),
      ("a copy or a snapshot", { $0.frozen?.home.inode = 43 }),
    ]
    for (words, change) in changes {
      guard case .other(let reason) = FenceVerdict.judge(findings(change)) else {
        Issue.record("\(words): taken for the same")
        continue
      }
      #expect(reason.contains(words))
    }
  }

  @Test func `a start is the next generation, and a copy gets an id of its own`() {
    let next = VolumeMark.starting(after: Self.clean, at: Self.home, id: "new")
    #expect(next == VolumeMark(id: "a", generation: 4, state: .dirty, home: Self.home))
    let other = VolumeMark.Home(device: 7, inode: 1)
    #expect(
      VolumeMark.starting(after: Self.clean, at: other, id: "new")
        == VolumeMark(id: "new", generation: 4, state: .dirty, home: other))
    #expect(VolumeMark.starting(after: nil, at: Self.home, id: "new").generation == 1)
  }

  @Test(arguments: ["", "{", "{}", "[]", "null", #"{"version":2}"#])
  func `a damaged mark is none`(text: String) throws {
    try withTemporaryDirectory { folder in
      let fence = Fence(folder)
      try FileSystem.makeDirectory(fence.folder)
      try FileSystem.writeFile(fence.folder / "volume.json", Array(text.utf8))
      #expect(fence.mark() == nil)
      #expect(try fence.begin(at: Self.home, id: "new")?.id == "new")
      #expect(fence.mark()?.state == .dirty)
    }
  }

  @Test func `a mark is read as it was written, and a later format is none`() throws {
    #expect(VolumeMark.decode(try JSONText.encode(Self.clean)) == Self.clean)
    var later = Self.clean
    later.version = 2
    #expect(VolumeMark.decode(try JSONText.encode(later)) == nil)
  }

  @Test func `a hibernation ends the server before the volume is clean`() throws {
    try withTemporaryDirectory { folder in
      let fence = Fence(folder)
      try FileSystem.makeDirectory(fence.folder)
      let mark = try #require(try fence.begin(at: Self.home, id: "new"))
      try FileSystem.makeDirectory(fence.draft)
      var calls = 0
      try Fence.commit([(fence, mark)], frozenBy: Self.digest) {
        calls += 1
        #expect(fence.mark() == mark)
        #expect(FileSystem.exists(fence.checkpoint))
      }
      #expect(calls == 1)
      #expect(fence.mark() == mark.frozen(by: Self.digest))
      #expect(try FileSystem.list(fence.folder) == ["hibernated", "volume.json"])
      try fence.begin(at: Self.home, id: "new")
      try fence.discard()
      #expect(try FileSystem.list(fence.folder) == ["volume.json"])
      #expect(fence.mark()?.generation == 2)
    }
  }

  @Test func `a volume without room loses its mark, one that cannot be written keeps it`() throws {
    let disk = RecordingDisk()
    let fence = Fence("/v", disk: disk)
    disk.put("/v/.thaw/volume.json", try JSONText.encode(Self.clean))
    disk.fails = (at: 0, with: .noSpace)
    #expect(try fence.begin(at: Self.home, id: "new") == nil)
    #expect(fence.mark() == nil)
    disk.put("/v/.thaw/volume.json", try JSONText.encode(Self.clean))
    disk.fails = (at: 0, with: .readOnlyFileSystem)
    #expect(throws: Errno.readOnlyFileSystem) { try fence.begin(at: Self.home, id: "new") }
    #expect(fence.mark() == Self.clean)
  }
}
