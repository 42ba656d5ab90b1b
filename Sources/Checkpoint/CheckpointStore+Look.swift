import Linux

/// What commands ask about single checkpoints, damaged ones included.
extension CheckpointStore {
  /// The checkpoint of a name, or of an id or the beginning of one (four digits or more), damaged
  /// or not.
  ///
  /// - Throws: `.notFound` if there is none.
  package func stored(_ text: String) throws(CheckpointError) -> Stored {
    let path = try locate(text)
    let id = path.lastComponent
    guard FileSystem.exists(path) else {
      throw CheckpointError(
        .notFound, text, "no checkpoint of that name or id",
        fix: "`thaw ls` shows what there is; `thaw freeze` makes one")
    }
    let names = try namesByID()
    let state: Stored.State
    do throws(CheckpointError) {
      state = .whole(try Checkpoint.look(at: path).manifest)
    } catch {
      state = .damaged(error)
    }
    return Stored(id: id, names: names[id] ?? [], path: path, state: state)
  }

  /// The names that lead to a checkpoint.
  package func names(of id: String) throws(CheckpointError) -> [String] {
    try namesByID()[id] ?? []
  }
}
