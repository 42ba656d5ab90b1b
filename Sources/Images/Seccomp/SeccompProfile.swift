import Linux

extension Seccomp {
  /// A profile as Docker reads it.
  struct Profile: Hashable, Sendable, Decodable {
    var defaultAction: String
    var defaultErrnoRet: UInt32?
    var architectures: [String]?
    var archMap: [Architecture]?
    var syscalls: [Rule]

    struct Architecture: Hashable, Sendable, Decodable {
      var architecture: String
      var subArchitectures: [String]?
    }

    /// What becomes of some calls, and where that holds.
    struct Rule: Hashable, Sendable, Decodable {
      var name: String?
      var names: [String]?
      var action: String
      var errnoRet: UInt32?
      var args: [Argument]?
      var includes: Condition?
      var excludes: Condition?

      /// Old profiles have one name a rule.
      var allNames: [String] { names ?? name.map { [$0] } ?? [] }
    }

    struct Condition: Hashable, Sendable, Decodable {
      var arches: [String]?
      var caps: [String]?
      var minKernel: String?
    }
  }

  /// A comparison of one argument of a call.
  struct Argument: Hashable, Sendable, Codable {
    var index: UInt32
    var value: UInt64
    var valueTwo: UInt64?
    var op: String
  }

  /// What runc reads.
  struct Filter: Hashable, Sendable, Encodable {
    var defaultAction: String
    var defaultErrnoRet: UInt32?
    var architectures: [String]?
    var syscalls: [Rule]

    struct Rule: Hashable, Sendable, Encodable {
      var names: [String]
      var action: String
      var errnoRet: UInt32?
      var args: [Argument]?
    }
  }

  /// A machine and a container, as the conditions of rules see them.
  struct Conditions {
    var architecture: String
    var kernel: KernelVersion
    /// The names of the container's capabilities.
    var names: Set<String>

    /// Whether all that a rule wants is there.
    func satisfy(_ wanted: Profile.Condition) -> Bool {
      let isHere = wanted.arches.map { $0.isEmpty || $0.contains(architecture) } ?? true
      return isHere && names.isSuperset(of: wanted.caps ?? []) && (isNew(wanted) ?? true)
    }

    /// Whether anything that a rule keeps away from is there.
    func touch(_ unwanted: Profile.Condition) -> Bool {
      unwanted.arches?.contains(architecture) ?? false
        || !names.isDisjoint(with: unwanted.caps ?? []) || (isNew(unwanted) ?? false)
    }

    private func isNew(_ condition: Profile.Condition) -> Bool? {
      condition.minKernel.flatMap { KernelVersion($0) }.map { kernel >= $0 }
    }
  }
}
