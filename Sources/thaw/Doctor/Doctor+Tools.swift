import CRIU
import Images
import Linux
import Synchronization

/// The programs of the bundle.
extension Doctor {
  func tools() -> [Check] {
    guard case .success(let bundle) = bundle else { return [bundleIsMissing()] }
    let report = criu(bundle)
    return [
      .ok("bundle", bundle.path.string), Self.criuVersion(report), Self.criuCheck(report),
      Self.criuFeatures(report), Self.runc(Self.ask(bundle.runc, ["--version"])),
      Self.imageTool("skopeo", Self.ask(bundle.skopeo, ["--version"])),
      Self.imageTool("umoci", Self.ask(bundle.umoci, ["--version"])),
    ]
  }

  private func bundleIsMissing() -> Check {
    guard case .failure(let error) = bundle else { return .ok("bundle", "there") }
    return .missing(
      "bundle", "\(error.subject): \(error.cause)",
      fix: error.fix ?? "make it with Setup/bundle.sh")
  }

  /// What CRIU says about itself and this kernel.
  struct CRIUReport: Sendable {
    var version: Version?
    var features: Features?
    /// Whether the check passed as root, or with what a thaw has.
    var check: CheckResult = .notTried
    /// Why it could not be asked.
    var failure: String?

    enum CheckResult: Sendable, Equatable {
      case passed
      case passedUnprivileged(complaint: String)
      case failed(String)
      case notTried
    }

    /// The last error that `criu check` wrote, which is what it failed for: `Error (file.c:12):
    /// text`.
    static func reason(in text: String) -> String? {
      let errors = text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("Error (") }
      return errors.last.map { line in
        line.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? String(line)
      }
    }
  }

  /// Asks CRIU; its knowledge of the kernel goes to a `/run` that only this check sees.
  private func criu(_ bundle: Bundle) -> CRIUReport {
    let report = Mutex(CRIUReport())
    let client = Client(Installation(bundle: bundle.path))
    guard canTry, !bundle.path.isInside("/run") else {
      return Self.interview(client, checks: false)
    }
    do {
      try PrivateMounts.run { () throws(Errno) in
        try Mount.tmpfs(at: "/run")
        let found = Self.interview(client, checks: true)
        report.withLock { $0 = found }
      }
    } catch {
      return CRIUReport(failure: "making a mount namespace: \(error)")
    }
    return report.withLock { $0 }
  }

  private static func interview(_ client: Client, checks: Bool) -> CRIUReport {
    var report = CRIUReport()
    let deadline = Deadline.after(.seconds(30))
    do throws(CRIUError) {
      report.version = try client.version(deadline: deadline)
      guard checks else { return report }
      report.features = try client.features(deadline: deadline)
    } catch {
      report.failure = error.cause ?? "\(error)"
      return report
    }
    do throws(CRIUError) {
      try client.check(deadline: deadline)
      report.check = .passed
    } catch {
      let complaint = error.cause ?? complaint(of: client.installation)
      report.check =
        isFitForThaws(client.installation)
        ? .passedUnprivileged(complaint: complaint) : .failed(complaint)
    }
    return report
  }

  /// The reason why a check failed, which CRIU tells on its standard error only.
  private static func complaint(of installation: Installation) -> String {
    // A reason that cannot be had is said to be none.
    let text = (try? check(installation, []).run(deadline: .after(.seconds(10))))?.errorText ?? ""
    return CRIUReport.reason(in: text) ?? "it failed without a reason"
  }

  /// The same check, as PID 1 of a container makes use of CRIU; a request cannot ask for that.
  private static func isFitForThaws(_ installation: Installation) -> Bool {
    // Not started: not fit.
    let finished = try? check(installation, ["--unprivileged"]).run(deadline: .after(.seconds(10)))
    return finished?.isSuccess ?? false
  }

  private static func check(_ installation: Installation, _ options: [String]) -> Spawn {
    let words = installation.command + ["check"] + options
    var plan = Spawn(Path(words[0]), Array(words.dropFirst()))
    plan.environment = ["PATH": path, "XDG_RUNTIME_DIR": "/run"]
    return plan
  }

  static func criuVersion(_ report: CRIUReport) -> Check {
    let fix =
      "make the bundle anew with Setup/bundle.sh, or set THAW_BUNDLE to one with CRIU "
      + "\(Version.required) or later"
    guard let version = report.version else {
      return .missing("CRIU", report.failure ?? "gave no answer", fix: fix)
    }
    return version >= .required
      ? .ok("CRIU", "\(version)") : .missing("CRIU", "\(version) is too old", fix: fix)
  }

  static func criuCheck(_ report: CRIUReport) -> Check {
    let name = "CRIU check"
    switch report.check {
    case .passed: return .ok(name, "the kernel has all that CRIU asks for")
    case .passedUnprivileged(let complaint):
      return .warning(
        name, "good for thaws and freezes; CRIU complains: \(complaint)",
        fix: "nothing, unless a freeze fails with the same words")
    case .failed(let why):
      return .missing(
        name, why, fix: "use a kernel with CONFIG_CHECKPOINT_RESTORE; `criu check` tells more")
    case .notTried:
      return .note(name, report.failure ?? "not tried, which takes root")
    }
  }

  static func criuFeatures(_ report: CRIUReport) -> Check {
    guard let features = report.features else { return .note("CRIU features", "not asked") }
    let all = [
      ("pidfd store", features.pidfdStore), ("lazy pages", features.lazyPages),
      ("changed pages are told", features.memoryTracking),
    ]
    let words = { (isThere: Bool) in all.filter { $0.1 == isThere }.map(\.0).joined(separator: ", ")
    }
    let (there, lacking) = (words(true), words(false))
    return .note(
      "CRIU features",
      (there.isEmpty ? "none" : there)
        + (lacking.isEmpty ? "" : "; not in this kernel, and not needed: \(lacking)"))
  }

  static func runc(_ answer: Answer) -> Check {
    let fix = "make the bundle anew with Setup/bundle.sh; it cannot be moved to another folder"
    switch answer {
    case .failed(let why): return .missing("runc", why, fix: fix)
    case .said(let text):
      // Time namespaces came with 1.2.
      guard let version = version(in: text), version >= KernelVersion(1, 2) else {
        return .missing("runc", "\(text) is too old", fix: fix)
      }
      return .ok("runc", "\(version)")
    }
  }

  static func imageTool(_ name: String, _ answer: Answer) -> Check {
    switch answer {
    case .said(let text): .ok(name, version(in: text).map { "\($0)" } ?? text)
    case .failed(let why):
      .warning(
        name, why,
        fix: "make the bundle anew with Setup/bundle.sh; without it only servers on this machine's "
          + "own file system, or on images unpacked before, can be frozen")
    }
  }

  /// The first word that is a version: `runc version 1.3.6+ds1` gives 1.3.6.
  static func version(in text: String) -> KernelVersion? {
    for word in text.split(whereSeparator: \.isWhitespace) {
      let digits = word.drop { $0 == "v" }
      if digits.first?.isNumber == true, let found = KernelVersion(String(digits)) { return found }
    }
    return nil
  }
}
