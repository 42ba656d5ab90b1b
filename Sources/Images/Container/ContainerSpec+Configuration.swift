import FoundationEssentials
package import Linux

extension ContainerSpec {
  /// The folder of the root file system, beside `config.json`.
  static let rootFolder = "rootfs"

  /// The text of `config.json`.
  ///
  /// - Parameters:
  ///   - files: the files of ``names`` on the host, and where the container sees them.
  ///   - hostMounts: real file systems below the host's root, see ``HostMounts``.
  /// - Returns: JSON.
  package func configuration(files: [Bind] = [], hostMounts: [Path] = []) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let value = runtimeConfiguration(files: files, hostMounts: hostMounts)
    // Texts and whole numbers only: nothing that JSON cannot hold.
    return (try? encoder.encode(value)).map(Array.init) ?? []
  }

  func runtimeConfiguration(files: [Bind], hostMounts: [Path]) -> RuntimeConfiguration {
    RuntimeConfiguration(
      process: .init(
        user: .init(
          uid: identity.user, gid: identity.group, additionalGids: identity.supplementaryGroups),
        args: arguments,
        env: environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" },
        cwd: workingDirectory.string,
        capabilities: .init(all: capabilities.sorted().map(\.name)),
        noNewPrivileges: noNewPrivileges),
      root: .init(path: Self.rootFolder, readonly: readOnlyRoot),
      hostname: hostName,
      mounts: mounts(files: files, hostMounts: hostMounts),
      linux: platform)
  }

  private var platform: RuntimeConfiguration.Platform {
    var namespaces: [RuntimeConfiguration.Namespace] =
      ["pid", "mount", "ipc", "uts"].map { .init(type: $0) }
    namespaces.append(.init(type: "network", path: networkNamespace?.string))
    if clock != nil { namespaces.append(.init(type: "time")) }
    return .init(
      namespaces: namespaces,
      timeOffsets: clock.map {
        ["monotonic": .init($0.monotonic), "boottime": .init($0.bootTime)]
      },
      // Not below a common folder: nobody could ever remove that without breaking another's start.
      cgroupsPath: "/thaw-\(id)",
      resources: .init(
        devices: [.init(allow: false, access: "rwm")],
        memory: memoryLimit.map { .init($0, limitsSwap: ControlGroups.limitsSwap) }),
      maskedPaths: protectsKernelPaths ? Self.maskedPaths : nil,
      readonlyPaths: protectsKernelPaths ? Self.readOnlyPaths : nil,
      seccomp: seccomp?.filter(capabilities: capabilities, leavesOut: [Seccomp.slow]))
  }

  /// What every container has, the host's file systems, then binds: outer folders before inner.
  private func mounts(files: [Bind], hostMounts: [Path]) -> [RuntimeConfiguration.Mount] {
    let shown = hostMounts.map { Bind(source: $0, destination: $0) }
    let inner = (files + binds).enumerated().sorted { left, right in
      (left.element.depth, left.offset) < (right.element.depth, right.offset)
    }
    return Self.standardMounts
      + (shown + inner.map(\.element)).map { bind in
        .init(
          destination: bind.destination.string, type: "bind", source: bind.source.string,
          options: ["bind", "rprivate", bind.readOnly ? "ro" : "rw"])
      }
  }

  private static let standardMounts: [RuntimeConfiguration.Mount] = [
    .init(
      destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"]),
    .init(
      destination: "/dev", type: "tmpfs", source: "tmpfs",
      options: ["nosuid", "strictatime", "mode=755", "size=65536k"]),
    .init(
      destination: "/dev/pts", type: "devpts", source: "devpts",
      options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
    .init(
      destination: "/dev/shm", type: "tmpfs", source: "shm",
      options: ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]),
    .init(
      destination: "/dev/mqueue", type: "mqueue", source: "mqueue",
      options: ["nosuid", "noexec", "nodev"]),
    .init(
      destination: "/sys", type: "sysfs", source: "sysfs",
      options: ["nosuid", "noexec", "nodev", "ro"]),
    .init(
      destination: "/run", type: "tmpfs", source: "tmpfs", options: ["nosuid", "mode=1777"]),
  ]

  /// What Docker hides.
  private static let maskedPaths = [
    "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys",
    "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list",
    "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware",
  ]

  /// What Docker makes read-only.
  private static let readOnlyPaths = [
    "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
  ]
}
