import Linux

/// The real file systems that are mounted below the host's root: an overlay of the root shows empty
/// folders there.
enum HostMounts {
  /// File systems that belong to the kernel or hold nothing that lasts.
  private static let kernels: Set<String> = [
    "autofs", "bdev", "binder", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "cpuset",
    "debugfs", "devpts", "devtmpfs", "efivarfs", "fusectl", "hugetlbfs", "mqueue", "nsfs",
    "overlay", "pipefs", "proc", "pstore", "ramfs", "rootfs", "rpc_pipefs", "securityfs",
    "selinuxfs", "sockfs", "sysfs", "tmpfs", "tracefs",
  ]

  /// Folders whose mounts are other containers', or that every container has for itself.
  private static let foreign: [Path] = [
    "/proc", "/sys", "/dev", "/run", "/tmp", "/var/run", "/var/tmp", "/var/lib/docker",
    "/var/lib/containers", "/var/lib/containerd", "/var/lib/kubelet",
  ]

  /// Where they are mounted, in the order of mounting, each place once.
  ///
  /// - Parameters:
  ///   - table: the host's mounts.
  ///   - hidden: folders whose mounts are left out.
  /// - Returns: mount points, never the root.
  static func real(in table: [MountEntry], hiding hidden: [Path] = []) -> [Path] {
    var places: [Path] = []
    for entry in table where entry.target != .root {
      // What is mounted last is what is seen.
      places.removeAll { $0 == entry.target }
      guard !kernels.contains(entry.type),
        !(foreign + hidden).contains(where: { entry.target.isInside($0) })
      else { continue }
      places.append(entry.target)
    }
    return places
  }
}
