import Linux

/// `config.json` as runc reads it: the parts of the OCI runtime specification 1.2 that Thaw uses.
struct RuntimeConfiguration: Encodable {
  var ociVersion = "1.2.0"
  var process: Process
  var root: Root
  var hostname: String
  var mounts: [Mount]
  var linux: Platform

  struct Process: Encodable {
    var terminal = false
    var user: User
    var args: [String]
    var env: [String]
    var cwd: String
    var capabilities: Capabilities
    var noNewPrivileges: Bool

    struct User: Encodable {
      var uid: UInt32
      var gid: UInt32
      var additionalGids: [UInt32]
    }
  }

  /// All five sets are alike: then a user other than 0 keeps them over `execve`, too.
  struct Capabilities: Encodable {
    var bounding: [String]
    var effective: [String]
    var permitted: [String]
    var inheritable: [String]
    var ambient: [String]

    init(all names: [String]) {
      bounding = names
      effective = names
      permitted = names
      inheritable = names
      ambient = names
    }
  }

  struct Root: Encodable {
    var path: String
    var readonly: Bool
  }

  struct Mount: Encodable {
    var destination: String
    var type: String
    var source: String
    var options: [String]
  }

  struct Platform: Encodable {
    var namespaces: [Namespace]
    var timeOffsets: [String: Offset]?
    var cgroupsPath: String
    var resources: Resources
    var maskedPaths: [String]?
    var readonlyPaths: [String]?
    var seccomp: Seccomp.Filter?
  }

  struct Namespace: Encodable {
    var type: String
    var path: String?
  }

  struct Offset: Encodable {
    var secs: Int64
    var nanosecs: UInt32

    /// runc wants the nanoseconds between 0 and a second, whatever the sign of the seconds.
    init(_ duration: Duration) {
      let (seconds, rest) = duration.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
      secs = rest < 0 ? seconds - 1 : seconds
      nanosecs = UInt32(rest < 0 ? rest + 1_000_000_000 : rest)
    }
  }

  struct Resources: Encodable {
    var devices: [Device]
    var memory: Memory?

    struct Device: Encodable {
      var allow: Bool
      var access: String
    }

    /// What of memory, and of memory and swap together, may be used: the same, so that none is swapped.
    struct Memory: Encodable {
      var limit: Int64
      var swap: Int64?

      init(_ limit: ByteCount, limitsSwap: Bool) {
        self.limit = Int64(clamping: limit.bytes)
        swap = limitsSwap ? self.limit : nil
      }
    }
  }
}
