/// What a failure of CRIU means, found out from its error number and its error lines.
struct Diagnosis {
  /// What kind of failure it is.
  let code: CRIUError.Code
  /// What to do about it, where that is more than usual.
  let fix: String?

  private struct Rule {
    let words: [String]
    let code: CRIUError.Code
    let fix: String?

    init(_ words: String..., is code: CRIUError.Code, fix: String? = nil) {
      self.words = words
      self.code = code
      self.fix = fix
    }
  }

  /// Words that stand together in one line, and what they mean; the first that fits counts.
  private static let rules: [Rule] = [
    Rule("Can't fork for", "File exists", is: .pidTaken),
    Rule(
      "ns_last_pid", "Read-only file system", is: .refused,
      fix:
        "Allow clone3 in the seccomp profile, or use --security-opt systempaths=unconfined."
    ),
    Rule(
      "ns_last_pid", is: .refused,
      fix: "Allow clone3 in the seccomp profile, or make /proc/sys/kernel/ns_last_pid writable."),
    Rule(
      "Unable to drop capability", is: .refused,
      fix: "Give CRIU CAP_SETPCAP, or dump the server with no_new_privs set."),
    Rule(
      "CAP_CHECKPOINT_RESTORE", is: .refused,
      fix: "Give CRIU CAP_CHECKPOINT_RESTORE, and the option unprivileged."),
    Rule(
      "Can't get rlimit", is: .refused,
      fix: "Run CRIU as the user of the process, or give it CAP_SYS_RESOURCE."),
    Rule(
      "has bad size", is: .damagedImage,
      fix: "Put the file back as it was at the dump, or make the checkpoint anew."),
    Rule(
      "has bad mode", is: .damagedImage,
      fix: "Put the file's permissions back, or set skipFileModeCheck."),
    Rule(
      "has bad build-ID", is: .damagedImage,
      fix: "Put the program back as it was at the dump, or make the checkpoint anew."),
    Rule("Magic doesn't match", is: .damagedImage),
    Rule("magic", "mismatch", is: .damagedImage),
    Rule("bytes while", "expected", is: .damagedImage),
    Rule("Can't read pages data", is: .damagedImage),
    Rule("Unexpected EOF", is: .damagedImage),
    Rule("unpacking object", is: .damagedImage),
    Rule("Failed unpacking", is: .damagedImage),
    Rule("Can't find", "pagemap", is: .damagedImage),
    Rule("Can't read", "image", is: .damagedImage),
    Rule("Can't open file", "No such file", is: .missingImage),
    Rule("Can't open", ".img", is: .missingImage),
    Rule("No such file or directory", is: .missingImage),
    Rule("Operation not permitted", is: .refused),
    Rule("Permission denied", is: .refused),
  ]

  /// Finds out what a failure means.
  init(kind: Request.Kind, number: Int32, errors: [String]) {
    // cr_errno tells only these three apart (criu/include/cr-errno.h).
    switch number {
    case 3: self.init(.noSuchProcess)
    case 17: self.init(.pidTaken)
    case 56:
      let isLog = errors.contains { $0.contains("Can't create log file") }
      self.init(
        .badOptions, fix: isLog ? "Let CRIU's user write into the work folder." : nil)
    default:
      let rule = Diagnosis.rules.first { rule in
        // In a dump, files that are missing are not images.
        (kind == .restore || rule.code != .missingImage && rule.code != .damagedImage)
          && errors.contains { line in rule.words.allSatisfy { line.contains($0) } }
      }
      self.init(rule?.code ?? .failed, fix: rule?.fix)
    }
  }

  private init(_ code: CRIUError.Code, fix: String? = nil) {
    self.code = code
    self.fix = fix
  }
}
