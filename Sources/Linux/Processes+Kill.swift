import CLinux

/// The end of whole trees.
extension Processes {
  /// Kills a process and all of its descendants with SIGKILL.
  ///
  /// The root is stopped first, then every descendant as it is found, until all stand still and a
  /// look at the whole table finds no new one: nothing can start another process unseen. Who belongs
  /// to the session or the group that the root leads is a descendant as well, although its parent
  /// has ended. Without `/proc`, only the root is killed.
  ///
  /// Nothing is reaped here, and the root must not have been: its number could be another's.
  public static func kill(tree pid: Int32) {
    guard pid > 1 else { return }
    var tree = StoppedTree()
    tree.stop(pid)
    // Whoever is in the middle of a fork when SIGSTOP comes finishes it first: a table tells all
    // children only once their parents stand still. Each round finds a new process, waits for one
    // that is still on its way, or is the last; the bound is for one that cannot be stopped (in a
    // disk's hands, or the parent of a vfork, whose child is in the table).
    let deadline = Deadline.after(.seconds(1))
    while true {
      let areStill = tree.areStill
      var isNew = false
      for member in members(of: pid) where tree.stop(member.pid, started: member.startTicks) {
        isNew = true
      }
      if deadline.hasPassed || (areStill && !isNew) { break }
      if !isNew { Deadline.after(.milliseconds(1)).pass() }
    }
    tree.kill()
  }

  /// The living descendants, and the members of the root's own session and group, but never this
  /// process itself.
  private static func members(of root: Int32) -> [ProcessEntry] {
    let all = table().filter { $0.pid != Host.processID && $0.pid > 1 }
    var found: Set<Int32> = [root]
    var order: [ProcessEntry] = []
    var isGrowing = true
    while isGrowing {
      isGrowing = false
      for entry in all where !found.contains(entry.pid) {
        let isRelated = found.contains(entry.parent) || entry.session == root || entry.group == root
        guard isRelated else { continue }
        found.insert(entry.pid)
        if !entry.hasEnded { order.append(entry) }
        isGrowing = true
      }
    }
    return order
  }
}

/// Processes that were stopped to be killed together, held by pidfd so that no number is reused.
private struct StoppedTree {
  private var descriptors: [Int32: Int32] = [:]

  /// Stops one more process; false if it was known or is gone.
  ///
  /// `started` tells the process that was seen from a later one of the same number.
  @discardableResult
  mutating func stop(_ pid: Int32, started: UInt64? = nil) -> Bool {
    guard descriptors[pid] == nil else { return false }
    let pidfd = clinux_pidfd_open(pid)
    guard pidfd >= 0 else { return false }
    if let started, ProcessEntry(pid: pid)?.startTicks != started {
      _ = Descriptor(owning: pidfd)
      return false
    }
    descriptors[pid] = pidfd
    clinux_pidfd_send_signal(pidfd, Signal.stop.rawValue)
    return true
  }

  /// Whether none of their threads can run any more: each is stopped, traced to a halt, or has ended.
  var areStill: Bool {
    descriptors.keys.allSatisfy { pid in
      Processes.threadTable(of: pid).allSatisfy { thread in
        thread.hasEnded || thread.state == "T" || thread.state == "t"
      }
    }
  }

  /// Kills all of them; SIGKILL ends a stopped process as well.
  mutating func kill() {
    for (_, pidfd) in descriptors {
      clinux_pidfd_send_signal(pidfd, Signal.kill.rawValue)
      _ = Descriptor(owning: pidfd)
    }
    descriptors = [:]
  }
}
