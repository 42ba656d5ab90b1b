extension Version {
  /// Reads the `criu_version` of an answer; a version that is not told is 0.
  init(_ response: Message) {
    let version = response.message("version")
    let number = { (name: String) in version?.number(name).map { Int(clamping: $0) } }
    self.init(
      number("major_number") ?? 0, number("minor_number") ?? 0, number("sublevel") ?? 0)
    extra = number("extra")
    gitID = version?.text("gitid")
    name = version?.text("name")
  }
}

extension Features {
  /// Reads the `criu_features` of an answer.
  init(_ response: Message) {
    let features = response.message("features")
    self.init(
      memoryTracking: features?.flag("mem_track") ?? false,
      lazyPages: features?.flag("lazy_pages") ?? false,
      pidfdStore: features?.flag("pidfd_store") ?? false)
  }
}

extension DumpResult {
  /// Reads the `criu_dump_resp` of an answer.
  init(_ response: Message) {
    self.init(restored: response.message("dump")?.flag("restored") ?? false)
  }
}

extension PageServer {
  /// Reads the `criu_page_server_info` of an answer.
  init(_ response: Message) {
    let server = response.message("ps")
    self.init(
      address: server?.text("address"),
      port: server?.number("port").flatMap { UInt16(exactly: $0) },
      pid: Int32(truncatingIfNeeded: server?.number("pid") ?? 0))
  }
}
