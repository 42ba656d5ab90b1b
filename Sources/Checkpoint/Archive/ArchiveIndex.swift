import Linux

/// The first member of an archive: what is in it.
struct ArchiveIndex: Codable, Equatable {
  /// The version of the archive's format.
  static let currentVersion = 1
  /// The member's path.
  static let path = "thaw.json"
  /// What tells these archives from others.
  static let format = "thaw archive"

  var format = ArchiveIndex.format
  var version = ArchiveIndex.currentVersion
  /// The checkpoints in the order in which they come: each after the one whose memory file it needs.
  ///
  /// The last is the one that was asked for.
  var checkpoints: [Entry]

  /// Whether a path of a checkpoint is among the server's own files, which may be of any kind and
  /// have times of their own.
  static func isServers(_ path: Path) -> Bool {
    ["files", "kept"].contains { path.isInside($0) }
  }

  /// One checkpoint of the archive.
  struct Entry: Codable, Equatable {
    var id: String
    var names: [String]
    /// The bytes of its files.
    var bytes: Int64
  }

  /// Reads what an archive begins with.
  static func decode(
    _ bytes: [UInt8], archive name: String
  ) throws(CheckpointError) -> ArchiveIndex {
    struct Head: Decodable {
      var format: String
      var version: Int
    }
    let damaged = { (what: String) in
      CheckpointError(.damaged, name, what, fix: "copy it again, or save the checkpoint again")
    }
    do {
      let head = try JSONText.decode(Head.self, from: bytes)
      guard head.format == format else { throw damaged("it is no archive of Thaw") }
      guard head.version <= currentVersion else {
        throw CheckpointError(
          .tooNew, name, "archive of version \(head.version), this Thaw knows \(currentVersion)",
          fix: "install the Thaw that made it")
      }
      let index = try JSONText.decode(ArchiveIndex.self, from: bytes)
      guard !index.checkpoints.isEmpty,
        index.checkpoints.allSatisfy({ $0.id.utf8.count == 64 && Digest($0.id) != nil }),
        Set(index.checkpoints.map(\.id)).count == index.checkpoints.count
      else { throw damaged("its list of checkpoints is damaged") }
      return index
    } catch let error as CheckpointError {
      throw error
    } catch {
      throw damaged("\(path): \(JSONText.explain(error))")
    }
  }
}
