import Linux

/// A request to CRIU.
struct Request {
  /// The `criu_req_type`.
  enum Kind: Int32 {
    case dump = 1
    case restore = 2
    case check = 3
    case preDump = 4
    case pageServer = 5
    case notify = 6
    case cpuInfoDump = 7
    case cpuInfoCheck = 8
    case featureCheck = 9
    case version = 10
    case waitPID = 11
    case pageServerChild = 12
    case singlePreDump = 13

    /// What it is called in errors.
    var name: String {
      switch self {
      case .dump: "dump"
      case .restore: "restore"
      case .check: "check"
      case .preDump, .singlePreDump: "dump of memory ahead"
      case .pageServer, .pageServerChild: "page server"
      case .notify: "answer to a notification"
      case .cpuInfoDump: "dump of the processor's features"
      case .cpuInfoCheck: "check of the processor's features"
      case .featureCheck: "question for features"
      case .version: "question for the version"
      case .waitPID: "wait for a page server"
      }
    }

    /// Whether it works on tasks that are to go on if it fails.
    var leavesTasks: Bool {
      switch self {
      case .dump, .preDump, .singlePreDump: true
      default: false
      }
    }

    /// The name of its log file.
    var logFile: String {
      switch self {
      case .restore: "restore.log"
      case .check: "check.log"
      case .preDump, .singlePreDump: "pre-dump.log"
      case .pageServer, .pageServerChild: "page-server.log"
      case .cpuInfoDump, .cpuInfoCheck: "cpuinfo.log"
      default: "dump.log"
      }
    }
  }

  let kind: Kind
  var options: Options?
  var places: Options.Places
  var pid: Int32?
  var keepsOpen = false

  init(_ kind: Kind, _ options: Options? = nil) {
    self.kind = kind
    self.options = options
    places = Options.Places(logFile: kind.logFile)
    // A page server tells of itself on the same socket as its parent, and takes the next request
    // for the answer.
    places.notifies = [.dump, .restore, .preDump, .singlePreDump].contains(kind)
  }

  /// The `criu_req`.
  var message: Message {
    var message = Message(.criuReq)
    message.set("type", number: kind.rawValue)
    message.set("opts", message: options?.message(places))
    if keepsOpen { message.set("keep_open", flag: true) }
    if kind == .featureCheck {
      var features = Message(.criuFeatures)
      for name in ["mem_track", "lazy_pages", "pidfd_store"] { features.set(name, flag: true) }
      message.set("features", message: features)
    }
    message.set("pid", number: pid.map { UInt32(bitPattern: $0) })
    return message
  }

  /// What errors say was tried.
  var subject: String {
    switch kind {
    case .dump, .preDump, .singlePreDump:
      if let pid = options?.pid { return "\(kind.name) of process \(pid)" }
      return kind.name
    case .restore: return options?.images.map { "restore from \($0)" } ?? kind.name
    default: return kind.name
    }
  }

  /// The log file, where it is known.
  var log: Path? {
    guard let options, let folder = options.work ?? options.images else { return nil }
    return folder / (options.logFile ?? places.logFile)
  }
}
