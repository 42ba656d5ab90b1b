public import Linux

/// One running CRIU that takes one request after the other.
///
/// It is for what belongs together in one process: dumps of memory ahead with the dump that ends
/// them, a page server that is CRIU's child, several questions in a row. Folders are given to CRIU
/// as paths. When the value ends, CRIU is killed with its descendants, unless ``close(deadline:)``
/// was called or the session is over.
public struct Session: ~Copyable {
  private var worker: Worker

  init(_ worker: consuming Worker) {
    self.worker = worker
  }

  /// Asks CRIU for its version.
  public mutating func version(
    deadline: Deadline, cancel: Int32? = nil
  ) throws(CRIUError) -> Version {
    Version(try ask(.version, nil, deadline: deadline, cancel: cancel))
  }

  /// Asks what the kernel lets CRIU do.
  public mutating func features(
    deadline: Deadline, cancel: Int32? = nil
  ) throws(CRIUError) -> Features {
    Features(try ask(.featureCheck, nil, deadline: deadline, cancel: cancel))
  }

  /// Dumps memory of a tree that goes on; any number of times, then ``dump(_:deadline:cancel:_:)``.
  public mutating func preDump(
    _ options: Options, deadline: Deadline, cancel: Int32? = nil,
    _ handler: Client.Handler = { _ in .proceed }
  ) throws(CRIUError) {
    _ = try ask(
      .preDump, options, keepsOpen: false, deadline: deadline, cancel: cancel, handler)
  }

  /// Dumps a tree; the session is over then.
  @discardableResult
  public mutating func dump(
    _ options: Options, deadline: Deadline, cancel: Int32? = nil,
    _ handler: Client.Handler = { _ in .proceed }
  ) throws(CRIUError) -> DumpResult {
    let response = try ask(
      .dump, options, keepsOpen: false, deadline: deadline, cancel: cancel, handler)
    worker.finish(deadline: deadline)
    return DumpResult(response)
  }

  /// Starts a server that takes pages over the network, as CRIU's child, which
  /// ``wait(for:deadline:cancel:)`` waits for.
  public mutating func startPageServer(
    _ options: Options, deadline: Deadline, cancel: Int32? = nil
  ) throws(CRIUError) -> PageServer {
    PageServer(try ask(.pageServerChild, options, deadline: deadline, cancel: cancel))
  }

  /// Waits until a page server has ended; the session is over then.
  ///
  /// - Returns: its status as `waitpid` gives it, 0 for success.
  public mutating func wait(
    for server: PageServer, deadline: Deadline, cancel: Int32? = nil
  ) throws(CRIUError) -> Int32 {
    let response = try ask(
      .waitPID, nil, pid: server.pid, keepsOpen: false, deadline: deadline, cancel: cancel)
    worker.finish(deadline: deadline)
    return Int32(truncatingIfNeeded: response.number("status") ?? 0)
  }

  /// Writes the processor's features into ``Options/images``.
  public mutating func dumpCPUInfo(
    _ options: Options, deadline: Deadline, cancel: Int32? = nil
  ) throws(CRIUError) {
    _ = try ask(.cpuInfoDump, options, deadline: deadline, cancel: cancel)
  }

  /// Compares the processor's features with those in ``Options/images``.
  public mutating func checkCPUInfo(
    _ options: Options, deadline: Deadline, cancel: Int32? = nil
  ) throws(CRIUError) {
    _ = try ask(.cpuInfoCheck, options, deadline: deadline, cancel: cancel)
  }

  /// Ends the session, and waits for the end of CRIU.
  public mutating func close(deadline: Deadline) {
    worker.finish(deadline: deadline)
  }

  private mutating func ask(
    _ kind: Request.Kind, _ options: Options?, pid: Int32? = nil, keepsOpen: Bool = true,
    deadline: Deadline, cancel: Int32?, _ handler: Client.Handler = { _ in .proceed }
  ) throws(CRIUError) -> Message {
    var request = Request(kind, options)
    request.pid = pid
    request.keepsOpen = keepsOpen
    request.places.images = try options?.images.map { (path) throws(CRIUError) in
      try absolute(path, of: request)
    }
    var lines = options?.configuration ?? []
    if let work = options?.work, work != options?.images {
      lines.insert("work-dir \(try absolute(work, of: request))", at: 0)
    }
    request.places.configuration = try worker.configure(lines)
    let answer = try worker.exchange(request, deadline: deadline, cancel: cancel, handler: handler)
    guard answer.isSuccess else {
      throw Log(of: request, since: worker.start, complaints: worker.complaints())
        .error(for: answer)
    }
    return answer.response
  }

  private func absolute(_ path: Path, of request: Request) throws(CRIUError) -> String {
    do {
      return try FileSystem.resolve(path).string
    } catch {
      throw CRIUError(.badOptions, subject: request.subject, cause: "\(path): \(error)")
    }
  }
}
