import CRIU
import Linux

/// Takes segments of System V out of CRIU's images, for Thaw to bring back.
///
/// A segment that a process has attached becomes a mapping that cannot be touched, to keep its place free; and the IPC
/// namespace of the server becomes that of whoever restores it.
struct SystemVImages {
  let directory: ImageDirectory

  /// Rewrites the images; the result has the attachments that were found.
  func takeOut(_ state: SystemVState) throws -> SystemVState {
    var state = state
    for entry in try directory.processes() where directory.has("mm-\(entry.pid).img") {
      try takeOut(of: entry.pid, &state)
    }
    try forgetNamespace()
    return state
  }

  private func takeOut(of pid: Int32, _ state: inout SystemVState) throws {
    var memory = try directory.memory(of: pid)
    var mappings = memory.mappings
    guard mappings.contains(where: { $0.status.contains(.systemV) }) else { return }
    for index in mappings.indices where mappings[index].status.contains(.systemV) {
      let mapping = mappings[index]
      guard let segment = state.segments.firstIndex(where: { UInt64($0.id) == mapping.file }),
        mapping.fileOffset == 0, mapping.length >= state.segments[segment].size
      else {
        throw InitFailure(
          .dumpFailed,
          "process \(pid) has a part of the System V segment \(mapping.file) mapped, which is not kept",
          fix: "use a server or settings that do without it")
      }
      state.segments[segment].attachments.append(
        .init(
          pid: pid, address: mapping.start, readOnly: !mapping.protection.contains(.write)))
      mappings[index].status = [.regular, .anonymousPrivate]
      mappings[index].flags = [.private, .anonymous]
      mappings[index].protection = []
      mappings[index].file = 0
      mappings[index].openFlags = nil
    }
    memory.mappings = mappings
    let name = "mm-\(pid).img"
    var image = try directory.image(named: name)
    image.entries[0].message = memory.message
    try directory.write(image, named: name)
  }

  /// The namespaces of whoever restores are those of the inventory: a server with the same makes none.
  private func forgetNamespace() throws {
    guard let root = try directory.processes().first?.pid else { return }
    var inventory = try directory.image(named: "inventory.img")
    guard var ids = inventory.entries[0].message.message("root_ids") else { return }
    ids.set("ipc_ns_id", number: try directory.objects(of: root).ipcNamespace)
    inventory.entries[0].message.set("root_ids", message: ids)
    try directory.write(inventory, named: "inventory.img")
  }
}
