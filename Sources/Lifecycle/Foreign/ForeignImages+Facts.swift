import CRIU
package import Checkpoint
import Linux
import Memory

extension ForeignImages {
  /// What was started: its words and environment as its memory has them, its folder, user and groups.
  ///
  /// - Throws: ``MemoryError`` or ``CRIUError`` if that cannot be read.
  package func program() throws -> Manifest.Program {
    let map = try directory.memory(of: root.pid)
    let folder = file(try directory.folders(of: root.pid).workingFolder)?.regular?.path
    let who = threads.first?.core.credentials
    let snapshot = try Snapshot(directory)
    var environment: [String: String] = [:]
    for text in try texts(in: map.environment, snapshot) {
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else { continue }
      environment[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    return Manifest.Program(
      words: try texts(in: map.arguments, snapshot), environment: environment,
      workingDirectory: Path(folder ?? "/"), user: who?.user ?? 0, group: who?.group ?? 0,
      supplementaryGroups: who?.groups ?? [])
  }

  private func texts(in range: Range<UInt64>, _ snapshot: Snapshot) throws -> [String] {
    let limit = 4 << 20
    guard
      let bytes = try snapshot.read(
        pid: root.pid, address: range.lowerBound, count: min(range.count, limit))
    else {
      throw CRIUError(
        .damagedImage, subject: "reading the command line of process \(root.pid)",
        cause: "its memory is not in the images")
    }
    return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  /// What a manifest says of the frozen server; the host is this one, where the trial thaw is made.
  ///
  /// - Parameters:
  ///   - criu: which CRIU thaws it.
  ///   - openFiles: the files that it has open, as they are now.
  /// - Returns: the facts.
  /// - Throws: ``CRIUError`` or `Errno` if the images cannot be read.
  package func facts(criu: Manifest.CRIUFacts, openFiles: FileTable) throws -> FrozenFacts {
    let pages = try directory.pageBytes()
    return FrozenFacts(
      host: HostFacts.current(), criu: criu, clock: try clock(),
      processes: Manifest.ProcessFacts(
        root: root.pid, ids: ids, noNewPrivileges: true, capabilities: [],
        output: try stream(1), errors: try stream(2)),
      memory: Manifest.MemoryFacts(copied: pages, resident: pages),
      openFiles: openFiles)
  }

  /// The clocks at the dump: of its time namespace, or of the machine.
  private func clock() throws -> Manifest.ClockFacts {
    let ids = [try objects(of: root.pid).timeNamespace, 0]
    if let id = ids.first(where: { directory.has(ImageType.timens.fileName(id: $0)) }) {
      let entry = try directory.timeNamespace(id)
      return Manifest.ClockFacts(
        monotonic: entry.monotonic.seconds, bootTime: entry.bootTime.seconds, young: false)
    }
    let uptime = (try directory.inventory().uptime ?? Clock.bootTime()).seconds
    return Manifest.ClockFacts(monotonic: uptime, bootTime: uptime, young: false)
  }
}
