import CRIU
package import Linux

extension ForeignImages {
  /// Images of namespaces, which belong to the container that was, not to the server.
  private static let namespaceImages = [
    "mountpoints-", "netns-", "netdev-", "ifaddr-", "route-", "route6-", "rule-", "iptables-",
    "ip6tables-", "nftables-", "utsns-", "ipcns-", "userns-", "tmpfs-", "devpts-", "binfmt-misc-",
    "cgroup.img", "pidns-",
  ]

  /// Rewrites the images for a container of Thaw's, which has namespaces, filters and cgroups of its own.
  ///
  /// - Parameters:
  ///   - confining: takes capabilities away and sets `no_new_privs`.
  ///   - folder: where the server's files lie now.
  /// - Throws: ``CRIUError``, `Errno` or ``InitFailure`` if that is not possible.
  package func mend(confining: Bool, root folder: Path) throws {
    try forgetNamespaces()
    for thread in threads { try mend(thread, confining: confining) }
    let filtered = threads.contains { $0.core.seccompMode == 2 }
    try ContainerFilters(count: isContained && filtered ? 1 : 0).strip(from: directory)
    try RenamedSockets(directory: directory, root: folder).mend()
    for name in try directory.list()
    where Self.namespaceImages.contains(where: { name.hasPrefix($0) }) {
      try FileSystem.remove(directory.path / name)
    }
  }

  /// The namespaces of whoever restores become those of the server; but a PID 1 gets a pid namespace of its own.
  private func forgetNamespaces() throws {
    let own = try objects(of: root.pid)
    var inventory = try directory.image(.inventory)
    guard var ids = inventory.entries.first?.message.message("root_ids") else { return }
    for kind in NamespaceKind.all { ids.set(kind.field, number: kind.id(own)) }
    if isFirst {
      let field = NamespaceKind.processes.field
      ids.set(field, number: NamespaceKind.processes.id(own) == 1 ? 2 : 1)
    }
    inventory.entries[0].message.set("root_ids", message: ids)
    inventory.entries[0].message.set("lsmtype", number: 0)
    try directory.write(inventory, named: ImageType.inventory.fileName())
  }

  private func mend(_ thread: Thread, confining: Bool) throws {
    guard var credentials = thread.core.credentials else { return }
    let before = credentials
    credentials.message.set("lsm_profile", text: nil)
    credentials.message.set("lsm_sockcreate", text: nil)
    if confining {
      credentials.permitted = []
      credentials.effective = []
      credentials.inheritable = []
      credentials.ambient = []
      credentials.message.set("no_new_privs", number: 1)
    }
    guard credentials != before else { return }
    let name = ImageType.core.fileName(id: UInt32(bitPattern: thread.id))
    var image = try directory.image(named: name, type: .core)
    var core = Core(image.entries[0].message)
    core.credentials = credentials
    image.entries[0].message = core.message
    try directory.write(image, named: name)
  }
}
