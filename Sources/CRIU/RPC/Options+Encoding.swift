import Linux

extension Options {
  /// Paths and numbers that stand for what CRIU was given when it was started.
  struct Places {
    /// The folder of the images as CRIU sees it.
    var images: String?
    /// The configuration file as CRIU sees it.
    var configuration: String?
    /// CRIU's numbers of the descriptors in ``Options/inherited``, in their order.
    var inherited: [Int32] = []
    /// Whether CRIU tells what it does on its way.
    var notifies = true
    /// The name of the log file if none is told.
    var logFile: String
  }

  /// The `criu_opts` of a request.
  func message(_ places: Places) -> Message {
    var message = Message(.criuOpts)
    // Required by the schema; -1 makes CRIU take the path.
    message.set("images_dir_fd", number: -1)
    message.set("images_dir", text: places.images)
    // Without a folder there is no place for a log file: CRIU logs to descriptor 2 then.
    if places.images != nil { message.set("log_file", text: logFile ?? places.logFile) }
    if places.notifies { message.set("notify_scripts", flag: true) }
    message.set("config_file", text: places.configuration ?? configurationFile?.string)
    addFlags(to: &message)
    addNumbers(to: &message)
    addTexts(to: &message)
    addMessages(to: &message, inherited: places.inherited)
    return message
  }

  private func addFlags(to message: inout Message) {
    let flags: [(String, Bool)] = [
      ("leave_running", leaveRunning), ("ext_unix_sk", externalUnixSockets),
      ("tcp_established", tcpEstablished), ("evasive_devices", evasiveDevices),
      ("shell_job", shellJob), ("file_locks", fileLocks), ("track_mem", trackMemory),
      ("auto_dedup", autoDeduplicate), ("link_remap", linkRemap), ("force_irmap", forceIrmap),
      ("rst_sibling", restoresAsSibling), ("auto_ext_mnt", automaticExternalMounts),
      ("ext_sharing", externalSharing), ("ext_masters", externalMasters),
      ("tcp_skip_in_flight", tcpSkipInFlight), ("weak_sysctls", weakSysctls),
      ("lazy_pages", lazyPages), ("orphan_pts_master", orphanTerminalMaster),
      ("tcp_close", tcpClose), ("tls", tls), ("tls_no_cn_verify", tlsNoCommonNameCheck),
      ("mntns_compat_mode", mountNamespaceCompatibility),
      ("skip_file_rwx_check", skipFileModeCheck), ("unprivileged", unprivileged),
      ("leave_stopped", leaveStopped), ("display_stats", displayStatistics),
      ("log_to_stderr", logToStandardError),
    ]
    for (name, isOn) in flags where isOn { message.set(name, flag: true) }
    message.set("manage_cgroups", flag: managesCgroups)
  }

  private func addNumbers(to message: inout Message) {
    message.set("pid", number: pid)
    message.set("log_level", number: logLevel)
    message.set("cpu_cap", number: cpuCapabilities?.rawValue)
    message.set("manage_cgroups_mode", number: cgroupMode?.rawValue)
    message.set("ghost_limit", number: ghostLimit)
    message.set("empty_ns", number: emptyNamespaces?.rawValue)
    message.set("timeout", number: timeout.map { UInt32(clamping: $0.components.seconds) })
    message.set("status_fd", number: statusDescriptor)
    message.set("pre_dump_mode", number: preDumpMode?.rawValue)
    message.set("pidfd_store_sk", number: pidfdStoreSocket)
    message.set("network_lock", number: networkLock?.rawValue)
  }

  private func addTexts(to message: inout Message) {
    let texts: [(String, String?)] = [
      ("root", root?.string), ("parent_img", parentImages), ("cgroup_props", cgroupProperties),
      ("cgroup_props_file", cgroupPropertiesFile), ("freeze_cgroup", freezeCgroup?.string),
      ("lsm_profile", lsmProfile), ("tls_cacert", tlsCACertificate),
      ("tls_cacrl", tlsCARevocationList), ("tls_cert", tlsCertificate), ("tls_key", tlsKey),
      ("cgroup_yard", cgroupYard?.string), ("lsm_mount_context", lsmMountContext),
    ]
    for (name, text) in texts { message.set(name, text: text) }
    let lists: [(String, [String])] = [
      ("exec_cmd", executes), ("skip_mnt", skippedMounts), ("enable_fs", enabledFileSystems),
      ("irmap_scan_paths", irmapScanPaths), ("external", external),
      ("cgroup_dump_controller", cgroupDumpControllers),
    ]
    for (name, texts) in lists { message.set(name, texts: texts) }
  }

  private func addMessages(to message: inout Message, inherited numbers: [Int32]) {
    message.set("ps", message: pageServer?.message)
    message.set("veths", messages: vethPairs.map { $0.message(.criuVethPair, "if_in", "if_out") })
    message.set("ext_mnt", messages: externalMounts.map { $0.message(.extMountMap, "key", "val") })
    message.set(
      "cg_root",
      messages: cgroupRoots.map { root in
        var message = Message(.cgroupRoot)
        message.set("ctrl", text: root.controller)
        message.set("path", text: root.path)
        return message
      })
    message.set(
      "inherit_fd",
      messages: zip(inherited, numbers).map { descriptor, number in
        var message = Message(.inheritFd)
        message.set("key", text: descriptor.key)
        message.set("fd", number: number)
        return message
      })
    message.set(
      "unix_sk_ino",
      messages: externalUnixSocketInodes.map { inode in
        var message = Message(.unixSk)
        message.set("inode", number: inode)
        return message
      })
    message.set("join_ns", messages: joinedNamespaces.map(\.message))
  }
}

extension Options.PageServerAddress {
  var message: Message {
    var message = Message(.criuPageServerInfo)
    message.set("address", text: address)
    message.set("port", number: port)
    message.set("pid", number: pid)
    message.set("fd", number: descriptor)
    return message
  }
}

extension Options.JoinedNamespace {
  var message: Message {
    var message = Message(.joinNamespace)
    message.set("ns", text: kind)
    message.set("ns_file", text: file)
    message.set("extra_opt", text: extra)
    return message
  }
}

extension Options.Pair {
  func message(_ schema: Schema, _ firstName: String, _ secondName: String) -> Message {
    var message = Message(schema)
    message.set(firstName, text: first)
    message.set(secondName, text: second)
    return message
  }
}
