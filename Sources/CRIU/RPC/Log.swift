import Linux

/// What CRIU wrote about a request that failed.
struct Log {
  private let request: Request
  private let lines: [String]
  private let complaints: [String]

  /// How many lines an error carries.
  static let tailLength = 20

  /// Reads the log of a request, if it was written after CRIU's start.
  init(of request: Request, since start: Timestamp, complaints: [String]) {
    var lines: [String] = []
    if let path = request.log, let status = try? FileSystem.status(path) {
      // Files get the time of the kernel's last tick, which lies up to 10 ms back.
      let slack = Timestamp(seconds: start.seconds - 1, nanoseconds: start.nanoseconds)
      if status.modified >= slack, let text = try? FileSystem.readFile(path) {
        lines = String(decoding: text.suffix(256 << 10), as: UTF8.self)
          .split(separator: "\n").map(String.init)
      }
    }
    self.init(request: request, lines: lines, complaints: complaints)
  }

  /// Takes lines as they are.
  init(request: Request, lines: [String], complaints: [String]) {
    self.request = request
    self.lines = lines
    self.complaints = complaints
  }

  /// The first error that tells why, `nil` where there is none.
  var firstError: String? {
    let errors = (lines + complaints).compactMap { Log.error(in: $0) }
    return errors.first { !Log.isHarmless($0) && !Log.isSummary($0) }
      ?? errors.first { !Log.isHarmless($0) }
  }

  /// An error with the end of the log.
  func error(_ code: CRIUError.Code, cause: String?, number: Int32? = nil) -> CRIUError {
    CRIUError(
      code, subject: request.subject, cause: cause, number: number,
      log: Array((lines.isEmpty ? complaints : lines).suffix(Log.tailLength)))
  }

  /// The error that an answer without success stands for.
  func error(for answer: Answer) -> CRIUError {
    let number = answer.response.number("cr_errno").map { Int32(truncatingIfNeeded: $0) }
    if let stop = answer.stop { return error(stop, cause: nil, number: number) }
    if let reason = answer.abortReason {
      return error(.aborted, cause: reason, number: number)
    }
    let told = answer.response.text("cr_errmsg").map { Log.error(in: $0) ?? $0 }
    let cause = firstError ?? told.flatMap { Log.isHarmless($0) ? nil : Log.cleaned($0) }
    var error = self.error(.failed, cause: cause, number: number == 0 ? nil : number)
    let errors = (lines + complaints).compactMap { Log.error(in: $0) }
    let diagnosis = Diagnosis(
      kind: request.kind, number: number ?? 0,
      errors: errors.filter { !Log.isHarmless($0) } + [cause].compactMap(\.self))
    error.code = diagnosis.code
    error.fix = diagnosis.fix ?? CRIUError(diagnosis.code, subject: "").fix
    return blamingImages(error)
  }

  /// The error, or what is wrong with the images where that explains it better.
  ///
  /// CRIU says little about a file that is missing or cut off: it reads it as empty, crashes, or
  /// waits for ever.
  func blamingImages(_ error: CRIUError) -> CRIUError {
    guard request.kind == .restore, let folder = request.options?.images else { return error }
    switch error.code {
    case .pidTaken, .aborted, .cancelled, .badOptions: return error
    default: break
    }
    do {
      try ImageDirectory(folder).check()
      return error
    } catch let found {
      let cause = ["\(found.subject): \(found.cause ?? "")", error.cause].compactMap(\.self)
      return CRIUError(
        found.code, subject: error.subject, cause: cause.joined(separator: "; CRIU: "),
        number: error.number, log: error.log)
    }
  }

  /// The text of an error line: `(00.012) 7: Error (criu/mem.c:12): text`, `nil` for other lines.
  static func error(in line: String) -> String? {
    guard let start = line.firstRange(of: "Error (") else { return nil }
    let rest = line[start.upperBound...]
    guard let end = rest.firstRange(of: "): ") else { return nil }
    return cleaned(String(rest[end.upperBound...]))
  }

  static func cleaned(_ text: String) -> String { trimmed(text[...]) }

  /// Whether an error is told on every start of CRIU on such a machine, and stands for nothing.
  private static func isHarmless(_ text: String) -> Bool {
    ["tun: ", "/dev/net/tun", "veth", "RLIMIT_NOFILE"].contains { text.contains($0) }
  }

  /// Whether a line only says that all of it failed.
  private static func isSummary(_ text: String) -> Bool {
    text.contains("FAILED") || text.hasPrefix("Dumping") && text.hasSuffix("failed.")
  }
}
