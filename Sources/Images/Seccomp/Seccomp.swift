import FoundationEssentials
package import Linux

/// Which system calls a container may make, in Docker's format: `docker run --security-opt
/// seccomp=FILE` takes it.
package struct Seccomp: Hashable, Sendable {
  private let profile: Profile

  /// Thaw's own profile, `Images/seccomp.json`, which is compiled in: what Docker 28 allows, and
  /// `clone3`.
  package static func standard() throws(EngineError) -> Seccomp {
    try Seccomp(json: PackageResources.seccomp_json, subject: "Images/seccomp.json")
  }

  /// The text of Thaw's own profile, for engines that want a file.
  package static var standardProfile: [UInt8] { PackageResources.seccomp_json }

  /// Reads a profile.
  ///
  /// - Throws: `.badProfile` that says what is wrong.
  package static func load(_ path: Path) throws(EngineError) -> Seccomp {
    let bytes = try attempt(
      "reading the seccomp profile", on: path, code: .badProfile, fix: "give the path of a file"
    ) { () throws(Errno) in try FileSystem.readFile(path) }
    return try Seccomp(json: bytes, subject: path.string)
  }

  /// Reads a profile from memory; `subject` names it in errors.
  package init(json: [UInt8], subject: String) throws(EngineError) {
    do {
      profile = try JSONDecoder().decode(Profile.self, from: Data(json))
    } catch {
      throw EngineError(
        .badProfile, subject, "not a seccomp profile: \(Self.reason(error))",
        fix: "the format is that of `docker run --security-opt seccomp=FILE`")
    }
    guard profile.architectures == nil || profile.archMap == nil else {
      throw EngineError(
        .badProfile, subject, "it has both `architectures` and `archMap`", fix: "take one out")
    }
  }

  /// The file of Thaw's own profile, for engines that want a path.
  ///
  /// It is looked for in `../share/thaw` beside the executable, and in a checkout that holds the
  /// executable.
  ///
  /// - Parameter executable: nil for that of this process.
  /// - Returns: nil if it is in neither place.
  package static func file(beside executable: Path? = nil) -> Path? {
    // Without /proc the executable is not known.
    let own = try? FileSystem.readLink("/proc/self/exe")
    guard let executable = executable ?? own.map({ Path($0) }) else { return nil }
    let installed = executable.parent.parent / "share/thaw/seccomp.json"
    if FileSystem.exists(installed) { return installed }
    var folder = executable.parent
    while folder != .root {
      let found = folder / "Images/seccomp.json"
      if FileSystem.exists(found), FileSystem.exists(folder / "Package.swift") { return found }
      folder = folder.parent
    }
    return nil
  }

  /// What runc is to put in force for a container: the rules that hold on this machine with its
  /// capabilities.
  ///
  /// - Parameters:
  ///   - capabilities: the container's bounding set.
  ///   - architecture: as `uname -m` has it.
  ///   - kernel: as `uname -r` has it.
  ///   - leavesOut: sub-architectures that the rules are not made for: their programs are killed.
  /// - Returns: the filter.
  func filter(
    capabilities: Set<Capability>, architecture: String = Host.architecture,
    kernel: KernelVersion = Host.kernelVersion, leavesOut: Set<String> = []
  ) -> Filter {
    let names = Set(capabilities.map(\.name))
    let conditions = Conditions(
      architecture: Self.engineNames[architecture] ?? architecture, kernel: kernel, names: names)
    let native = Self.filterNames[architecture]
    let map = profile.archMap?.first { $0.architecture == native }
    let rules = profile.syscalls.filter { rule in
      (rule.includes.map(conditions.satisfy) ?? true)
        && !(rule.excludes.map(conditions.touch) ?? false)
    }
    return Filter(
      defaultAction: profile.defaultAction, defaultErrnoRet: profile.defaultErrnoRet,
      architectures: map.map {
        ([$0.architecture] + ($0.subArchitectures ?? [])).filter { !leavesOut.contains($0) }
      } ?? profile.architectures,
      syscalls: rules.map {
        .init(names: $0.allNames, action: $0.action, errnoRet: $0.errnoRet, args: $0.args)
      })
  }

  /// The same as JSON: `linux.seccomp` of the OCI runtime specification.
  package func ociProfile(
    capabilities: Set<Capability>, architecture: String = Host.architecture
  ) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    // Texts and whole numbers only: nothing that JSON cannot hold.
    return (try? encoder.encode(filter(capabilities: capabilities, architecture: architecture)))
      .map(Array.init) ?? []
  }

  /// x32, which next to no kernel runs, and which makes runc's start 10 ms longer.
  ///
  /// The 32-bit programs of x86 take as long, but CRIU needs to be let make their calls: it tries
  /// whether the kernel has them.
  static let slow = "SCMP_ARCH_X32"

  /// Architectures as Docker's conditions name them, by those of `uname -m`.
  private static let engineNames = [
    "x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "x86",
  ]

  /// Architectures as libseccomp names them, by those of `uname -m`.
  private static let filterNames = [
    "x86_64": "SCMP_ARCH_X86_64", "aarch64": "SCMP_ARCH_AARCH64", "s390x": "SCMP_ARCH_S390X",
    "riscv64": "SCMP_ARCH_RISCV64", "ppc64le": "SCMP_ARCH_PPC64LE", "armv7l": "SCMP_ARCH_ARM",
    "i686": "SCMP_ARCH_X86",
  ]

  private static func reason(_ error: any Error) -> String {
    switch error as? DecodingError {
    case .keyNotFound(let key, let context)?:
      "`\(key.stringValue)` is missing in \(place(context))"
    case .typeMismatch(_, let context)?, .valueNotFound(_, let context)?:
      "\(place(context)): \(context.debugDescription)"
    case .dataCorrupted(let context)?: "\(place(context)): \(context.debugDescription)"
    default: "\(error)"
    }
  }

  private static func place(_ context: DecodingError.Context) -> String {
    let keys = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
    return keys.isEmpty ? "the file" : keys.joined(separator: ".")
  }
}
