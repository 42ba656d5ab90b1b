import Linux

extension Client {
  /// Runs a CRIU for one request.
  ///
  /// Returns the `criu_resp` of a success.
  func run(
    _ kind: Request.Kind, _ options: Options? = nil, deadline: Deadline, cancel: Int32?,
    _ handler: Handler = { _ in .proceed }
  ) throws(CRIUError) -> Message {
    try send(prepare(kind, options), deadline: deadline, cancel: cancel, handler)
  }

  /// Starts a CRIU for one request.
  func prepare(_ kind: Request.Kind, _ options: Options?) throws(CRIUError) -> Prepared {
    var request = Request(kind, options)
    let images = try OpenFolder(options?.images, of: request)
    let hasOwnWork = options?.work != options?.images
    let work = try OpenFolder(hasOwnWork ? options?.work : nil, of: request)
    var handed: [Int32: Int32] = [:]
    var next = Worker.firstFreeNumber
    func hand(_ raw: Int32) -> Int32 {
      handed[next] = raw
      next += 1
      return next - 1
    }
    var lines = options?.configuration ?? []
    if let raw = images.raw { request.places.images = "/proc/self/fd/\(hand(raw))" }
    if let raw = work.raw { lines.insert("work-dir /proc/self/fd/\(hand(raw))", at: 0) }
    request.places.inherited = (options?.inherited ?? []).map { hand($0.descriptor) }
    if let raw = options?.pageServer?.descriptor {
      request.options?.pageServer?.descriptor = hand(raw)
    }
    let worker = try Worker.start(
      self, descriptors: handed, newSession: !(options?.shellJob ?? false),
      restoring: kind == .restore ? options?.images : nil)
    images.close()
    work.close()
    request.places.configuration = try worker.configure(lines)
    return Prepared(worker: worker, request: request)
  }

  /// Has a CRIU that was started for a request do it.
  func send(
    _ prepared: consuming Prepared, deadline: Deadline, cancel: Int32?, _ handler: Handler
  ) throws(CRIUError) -> Message {
    let answer = try prepared.worker.exchange(
      prepared.request, deadline: deadline, cancel: cancel, handler: handler)
    return try conclude(&prepared.worker, prepared.request, answer, deadline: deadline)
  }

  private func conclude(
    _ worker: inout Worker, _ request: Request, _ answer: Answer, deadline: Deadline
  ) throws(CRIUError) -> Message {
    if answer.isSuccess, let reason = answer.abortReason {
      // CRIU goes on after a late refusal; whoever refused does not want the tree.
      let pid = answer.response.message("restore")?.number("pid")
      worker.finish(deadline: deadline)
      if let pid { Processes.kill(tree: Int32(truncatingIfNeeded: pid)) }
      worker.finishFailed(deadline: deadline)
      throw CRIUError(.aborted, subject: request.subject, cause: reason)
    }
    guard answer.isSuccess else {
      worker.finishFailed(deadline: deadline)
      let log = Log(of: request, since: worker.start, complaints: worker.complaints())
      throw explained(log.error(for: answer), request)
    }
    worker.finish(deadline: deadline)
    return answer.response
  }

  /// The error with what CRIU does not say: when it lacks the rights to begin, it refuses without a
  /// word.
  func explained(_ error: CRIUError, _ request: Request) -> CRIUError {
    guard error.code == .badOptions, error.cause == nil else { return error }
    var error = error
    let rights = credentials?.ambientCapabilities ?? CapabilitySets.current().permitted
    let user = credentials?.user ?? Host.user
    if rights.isDisjoint(with: [.checkpointRestore, .sysAdmin]) {
      error.code = .refused
      error.cause = "CRIU has neither CAP_CHECKPOINT_RESTORE nor CAP_SYS_ADMIN"
      error.fix = "Give CRIU CAP_CHECKPOINT_RESTORE, and the option unprivileged."
    } else if !rights.contains(.sysAdmin) || user != 0, !(request.options?.unprivileged ?? false) {
      error.cause = "CRIU runs as user \(user) without the option unprivileged"
      error.fix = "Set the option unprivileged, or run CRIU as root with CAP_SYS_ADMIN."
    }
    return error
  }
}
