package import CRIU
import Linux

extension ForeignImages {
  /// Something that keeps the processes from being thawed in a container of Thaw's.
  package struct Obstacle: Sendable, Hashable, CustomStringConvertible {
    package var what: String
    package var fix: String

    package init(what: String, fix: String) {
      self.what = what
      self.fix = fix
    }

    package var description: String { fix.isEmpty ? what : "\(what); \(fix)" }
  }

  /// The lowest pid that is free in Thaw's containers: below are PID 1, its threads and CRIU.
  static let lowestPID: Int32 = 100

  /// All that speaks against a thaw and can be told from the images alone; empty if nothing does.
  ///
  /// With `confining` rights that the server has are no obstacle: they are taken away.
  package func obstacles(confining: Bool) throws(CRIUError) -> [Obstacle] {
    var found = numbers() + identity()
    if !confining { found += rights() }
    found += try namespaces()
    found += try systemV()
    found += try openFiles()
    return found
  }

  private func numbers() -> [Obstacle] {
    var found: [Obstacle] = []
    if !isFirst, let low = ids.first(where: { $0 < Self.lowestPID }) {
      found.append(
        Obstacle(
          what: "pid \(low) is taken in a container of Thaw's, by PID 1 and its helpers",
          fix: "dump it with the PID 1 of its container as the root of the tree, "
            + "or start it with a pid above \(Self.lowestPID)"))
    }
    let pids = Set(processes.map(\.pid))
    for process in processes {
      let outside = [process.session, process.group].first { $0 != 0 && !pids.contains($0) }
      guard let outside else { continue }
      found.append(
        Obstacle(
          what: "process \(process.pid) belongs to session or group \(outside), "
            + "whose leader is not in the images",
          fix: "start it with `setsid`, and dump it without --shell-job"))
      break
    }
    return found
  }

  /// One user, whose rights CRIU can give back without SETUID.
  private func identity() -> [Obstacle] {
    var found: [Obstacle] = []
    guard let first = threads.first?.core.credentials else {
      return [Obstacle(what: "the first process has ended", fix: "dump it while it runs")]
    }
    for thread in threads {
      guard let one = thread.core.credentials else { continue }
      let users = Set([one.user, one.effectiveUser, one.savedUser, first.user])
      let groups = Set([one.group, one.effectiveGroup, one.savedGroup, first.group])
      if users.count > 1 || groups.count > 1 || Set(one.groups) != Set(first.groups) {
        found.append(
          Obstacle(
            what: "its processes run as several users or groups (\(thread.process) as "
              + "\(one.effectiveUser):\(one.effectiveGroup), the first as "
              + "\(first.user):\(first.group))",
            fix: "run all of it as one user"))
        break
      }
    }
    if let thread = threads.first(where: { ($0.core.credentials?.secureBits ?? 0) != 0 }) {
      found.append(
        Obstacle(
          what: "process \(thread.process) has secure bits, which only CAP_SETPCAP can set",
          fix: "start it without them"))
    }
    return found
  }

  /// Rights beyond those that Thaw gives: none.
  private func rights() -> [Obstacle] {
    let fix = "have `thaw import --confine` take that away, if the server does without"
    for thread in threads {
      guard let one = thread.core.credentials else { continue }
      let has = one.permitted.union(one.effective).union(one.inheritable).union(one.ambient)
      if !has.isEmpty {
        let names = has.map(\.name).sorted()
        let shown = names.prefix(3).joined(separator: ", ")
        let more = names.count > 3 ? " and \(names.count - 3) more" : ""
        return [
          Obstacle(
            what: "process \(thread.process) has capabilities (\(shown)\(more)), "
              + "and a thawed server gets none",
            fix: fix)
        ]
      }
    }
    guard let thread = threads.first(where: { !($0.core.credentials?.noNewPrivileges ?? true) })
    else { return [] }
    return [
      Obstacle(
        what: "process \(thread.process) runs without no_new_privs, which a thawed server has",
        fix: fix)
    ]
  }

  private func namespaces() throws(CRIUError) -> [Obstacle] {
    let own = try objects(of: root.pid)
    for process in processes where !process.threads.isEmpty {
      let other = try objects(of: process.pid)
      let kinds = NamespaceKind.all.filter { $0.id(own) != $0.id(other) }
      guard let kind = kinds.first else { continue }
      return [
        Obstacle(
          what: "process \(process.pid) lies in another \(kind.name) namespace than the first",
          fix: "processes that make containers of their own cannot be imported")
      ]
    }
    guard let outside = try directory.inventory().rootIDs, outside.userNamespace != 0,
      outside.userNamespace != own.userNamespace
    else { return [] }
    return [
      Obstacle(
        what: "it lies in a user namespace, whose user numbers are not those of this machine",
        fix: "run the container as root, not rootless")
    ]
  }

  private func systemV() throws(CRIUError) -> [Obstacle] {
    let fix = "freeze the server with `thaw freeze`, which keeps them"
    for name in try directory.list() {
      let isObject = ["ipcns-shm-", "ipcns-sem-", "ipcns-msg-"].contains { name.hasPrefix($0) }
      guard isObject, try !directory.image(named: name).entries.isEmpty else { continue }
      return [Obstacle(what: "System V objects of an IPC namespace (\(name))", fix: fix)]
    }
    for process in processes where !process.threads.isEmpty {
      let map = try directory.memory(of: process.pid)
      guard map.mappings.contains(where: { $0.status.contains(.systemV) }) else { continue }
      return [
        Obstacle(what: "process \(process.pid) has System V shared memory attached", fix: fix)
      ]
    }
    return []
  }
}

/// A namespace that the images name by a number.
struct NamespaceKind {
  var name: String
  /// The field of `task_kobj_ids_entry`.
  var field: String

  static let processes = NamespaceKind(name: "pid", field: "pid_ns_id")
  static let all =
    [processes]
    + [
      ("network", "net_ns_id"), ("IPC", "ipc_ns_id"), ("UTS", "uts_ns_id"), ("mount", "mnt_ns_id"),
      ("user", "user_ns_id"), ("cgroup", "cgroup_ns_id"), ("time", "time_ns_id"),
    ].map { NamespaceKind(name: $0.0, field: $0.1) }

  func id(_ objects: KernelObjects) -> UInt32 {
    UInt32(clamping: objects.message.number(field) ?? 0)
  }
}
