import FoundationEssentials
package import Linux

/// The files of a container.
package struct ContainerFolder: Hashable, Sendable {
  /// The folder: `containers/<id>`.
  package let path: Path

  /// The record, as JSON.
  package var record: Path { path / "container.json" }
  /// Locked by the monitor for as long as it lives.
  package var lock: Path { path / "lock" }
  /// What the container wrote to its output.
  package var log: Path { path / "log" }
  /// What the container wrote to its file system.
  package var upper: Path { path / "upper" }
  /// The overlay's own folder.
  package var work: Path { path / "work" }
  /// What runc reads.
  package var bundle: Path { path / "bundle" }

  /// Reads the record.
  func read() throws(EngineError) -> ContainerRecord {
    let bytes = try attempt("reading the container's record", on: record, code: .recordDamaged) {
      () throws(Errno) in try FileSystem.readFile(record)
    }
    do {
      return try JSONDecoder().decode(ContainerRecord.self, from: Data(bytes))
    } catch {
      throw EngineError(
        .recordDamaged, record.string, "not a container's record",
        fix: "remove the container: thaw rm \(path.lastComponent)")
    }
  }

  /// Writes the record beside the old one and puts it in its place: readers find one or the other.
  func write(_ value: ContainerRecord) throws(EngineError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let bytes: [UInt8]
    do {
      bytes = Array(try encoder.encode(value))
    } catch {
      // A number that is none: only a time that was measured wrong.
      throw EngineError(.failed, record.string, "writing the record: \(error)")
    }
    // Not brought to the disk: it is written while a server is waited for, and after a crash of the
    // machine no container runs anyway.
    try attempt("writing the container's record", on: record) { () throws(Errno) in
      let new = path / "container.json.new"
      try FileSystem.writeFile(new, bytes + [UInt8(ascii: "\n")])
      try FileSystem.rename(new, to: record)
    }
  }
}

extension ContainerFolder {
  /// What the folder's name begins with while it is removed: nobody takes it for a container then.
  static let removed = ".removed-"

  /// Removes the folder; what another command is just removing as well is gone all the same.
  func remove() throws(EngineError) {
    let grave = path.parent / (Self.removed + path.lastComponent)
    try attempt("removing the container", on: path) { () throws(Errno) in
      do throws(Errno) {
        try FileSystem.rename(path, to: grave)
        try FileSystem.removeTree(grave)
      } catch {
        guard error == .noEntry else { throw error }
      }
    }
  }
}

/// A container that this process is the monitor of, for as long as the value lives.
package struct OwnedContainer: ~Copyable, Sendable {
  /// Its files.
  package let folder: ContainerFolder
  /// What is known about it; ``update(_:)`` changes it.
  package private(set) var record: ContainerRecord
  private let lock: FileLock

  init(folder: ContainerFolder, record: ContainerRecord, lock: consuming FileLock) {
    self.folder = folder
    self.record = record
    self.lock = lock
  }

  /// Its id.
  package var id: String { record.id }

  /// Changes the record, on the disk as well.
  package mutating func update(
    _ change: (inout ContainerRecord) -> Void
  ) throws(EngineError) {
    var changed = record
    change(&changed)
    guard changed != record else { return }
    try folder.write(changed)
    record = changed
  }

  /// Removes the container's folder; what runs in it must have ended.
  package consuming func remove() throws(EngineError) {
    try folder.remove()
  }
}
