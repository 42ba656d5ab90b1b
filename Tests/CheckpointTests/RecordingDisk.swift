import Linux
import Synchronization

@testable import Checkpoint

/// A disk in memory that logs each step, and shows what a loss of power can leave of them.
final class RecordingDisk: FenceDisk {
  /// One thing that is done to the disk.
  ///
  /// A file is known by its number, for it may be renamed.
  enum Step: Hashable, Sendable {
    /// A name comes to stand for a file; nil: for none.
    case name(Path, file: Int?)
    /// A name's file gets another name.
    case move(Path, to: Path, file: Int)
    case content(file: Int, [UInt8])
    case synchronizeFile(Int)
    case synchronizeFolder(Path)
    case synchronizeAll
    /// The server ends, or is started: what it has in memory is worth nothing from then on.
    case server(runs: Bool)
  }

  private struct State {
    var steps: [Step] = []
    var names: [Path: Int] = [:]
    var contents: [Int: [UInt8]] = [:]
    var next = 0
    var fails: (at: Int, with: Errno)?
  }

  private let state = Mutex(State())

  /// After how many more calls that change something one fails, and how.
  var fails: (at: Int, with: Errno)? {
    get { state.withLock { $0.fails } }
    set { state.withLock { $0.fails = newValue } }
  }

  var steps: [Step] { state.withLock { $0.steps } }

  /// A file that has been there for long.
  func put(_ path: Path, _ bytes: [UInt8]) {
    state.withLock { state in
      state.names[path] = state.next
      state.contents[state.next] = bytes
      state.next += 1
    }
  }

  func note(_ step: Step) { state.withLock { $0.steps.append(step) } }

  func read(_ path: Path) throws(Errno) -> [UInt8]? {
    state.withLock { state in state.names[path].flatMap { state.contents[$0] } }
  }

  private func change(_ body: (inout State) -> Void) throws(Errno) {
    let failure = state.withLock { state -> Errno? in
      if let fails = state.fails {
        state.fails = fails.at > 0 ? (fails.at - 1, fails.with) : nil
        if fails.at == 0 { return fails.with }
      }
      body(&state)
      return nil
    }
    if let failure { throw failure }
  }

  func write(_ path: Path, _ bytes: [UInt8]) throws(Errno) {
    try change { state in
      let file = state.names[path] ?? state.next
      if state.names[path] == nil {
        state.next += 1
        state.names[path] = file
        state.steps.append(.name(path, file: file))
      }
      state.contents[file] = bytes
      state.steps.append(.content(file: file, bytes))
    }
  }

  func synchronize(_ path: Path) throws(Errno) {
    try change { state in
      let step = state.names[path].map { Step.synchronizeFile($0) } ?? .synchronizeFolder(path)
      state.steps.append(step)
    }
  }

  func synchronizeAll(on path: Path) throws(Errno) {
    try change { $0.steps.append(.synchronizeAll) }
  }

  func rename(_ path: Path, to other: Path) throws(Errno) {
    try change { state in
      guard let file = state.names.removeValue(forKey: path) else { return }
      state.names[other] = file
      state.steps.append(.move(path, to: other, file: file))
    }
  }

  func remove(_ path: Path) throws(Errno) {
    try change { state in
      guard state.names.removeValue(forKey: path) != nil else { return }
      state.steps.append(.name(path, file: nil))
    }
  }
}

/// What is on a disk after the power was lost.
struct LostDisk {
  var names: [Path: Int] = [:]
  var contents: [Int: [UInt8]] = [:]

  /// The content of a file; one that was cut short is what it may be.
  func read(_ path: Path) -> [UInt8]? { names[path].flatMap { contents[$0] ?? [] } }

  /// Every disk that a loss of power after some steps can leave.
  ///
  /// What was brought to the disk is there. Of all else each change of a name may be there or not, whatever came before or
  /// after it, and each file has any content that was written since, or nothing.
  static func all(after steps: some Collection<RecordingDisk.Step>) -> [LostDisk] {
    var (lasting, pending) = (LostDisk(), [RecordingDisk.Step]())
    for step in steps {
      switch step {
      case .name, .move, .content: pending.append(step)
      case .synchronizeFile(let file):
        let (now, later) = pending.divided {
          if case .content(file, _) = $0 { true } else { false }
        }
        now.forEach { lasting.apply($0) }
        pending = later
      case .synchronizeFolder(let folder):
        let (now, later) = pending.divided {
          switch $0 {
          case .name(let path, _), .move(let path, _, _): path.parent == folder
          default: false
          }
        }
        now.forEach { lasting.apply($0) }
        pending = later
      case .synchronizeAll:
        pending.forEach { lasting.apply($0) }
        pending = []
      case .server: continue
      }
    }
    var disks = [lasting]
    for step in pending {
      disks += disks.flatMap { disk -> [LostDisk] in
        var with = disk
        with.apply(step)
        guard case .content(let file, let bytes) = step else { return [with] }
        var cut = disk
        cut.contents[file] = Array(bytes.prefix(bytes.count / 2))
        return [with, cut]
      }
    }
    return disks
  }

  mutating func apply(_ step: RecordingDisk.Step) {
    switch step {
    case .name(let path, let file): names[path] = file
    case .move(let path, let other, let file):
      if names[path] == file { names[path] = nil }
      names[other] = file
    case .content(let file, let bytes): contents[file] = bytes
    default: break
    }
  }
}

extension Array {
  /// Those for which something holds, and those for which it does not, in order.
  fileprivate func divided(_ holds: (Element) -> Bool) -> ([Element], [Element]) {
    (filter(holds), filter { !holds($0) })
  }
}
