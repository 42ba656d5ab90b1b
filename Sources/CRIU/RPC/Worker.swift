import Linux

/// A running `criu swrk`, and the conversation with it.
///
/// If the value ends before ``finish(deadline:)``, CRIU is killed with all of its descendants.
struct Worker: ~Copyable {
  /// CRIU's number of the configuration file.
  static let configurationNumber: Int32 = 4
  /// CRIU's first number for what a request hands over.
  static let firstFreeNumber: Int32 = 5

  private enum Token: UInt64 {
    case packet
    case end
    case cancel
  }

  /// Why no packet came.
  private enum Silence {
    case deadline
    case cancel
    case end
  }

  /// A packet, or why there is none.
  private struct Arrival: ~Copyable {
    var packet: ReceivedDescriptors?
    var silence = Silence.end
  }

  private let child: Child
  private let socket: Descriptor
  private let epoll: Epoll
  private let errors: MemoryFile
  private let configuration: MemoryFile
  private let strays: Strays
  private let started: Timestamp
  private var isOver = false

  private init(
    child: consuming Child, socket: consuming Descriptor, epoll: consuming Epoll,
    errors: consuming MemoryFile, configuration: consuming MemoryFile, strays: Strays,
    started: Timestamp
  ) {
    self.child = child
    self.socket = socket
    self.epoll = epoll
    self.errors = errors
    self.configuration = configuration
    self.strays = strays
    self.started = started
  }

  deinit {
    if !isOver { abandon() }
  }

  /// Starts CRIU.
  ///
  /// - Parameters:
  ///   - client: which CRIU, and as whom.
  ///   - descriptors: its further numbers, and the caller's descriptors that they stand for.
  ///   - newSession: whether it leaves the caller's session, so that no terminal interrupts it.
  ///   - images: what is to be restored, if that is known.
  /// - Returns: a CRIU that waits for its first request.
  /// - Throws: ``CRIUError`` with `.notFound`, `.refused` or `.failed`.
  static func start(
    _ client: Client, descriptors: [Int32: Int32] = [:], newSession: Bool = true,
    restoring images: Path? = nil
  ) throws(CRIUError) -> Worker {
    // In other namespaces nothing can be looked for from here: `execve` tells.
    if client.entering == nil { try client.installation.check() }
    let strays = Strays(restoring: images)
    let started = Clock.wall()
    do {
      let pair = try SocketPair(kind: .sequencedPacket)
      let errors = try MemoryFile("criu-errors")
      let configuration = try MemoryFile("criu-configuration")
      let epoll = try Epoll()
      var spawn = client.spawn()
      spawn.newSession = newSession
      spawn.descriptors = descriptors
      spawn.descriptors[2] = errors.descriptor.rawValue
      spawn.descriptors[3] = pair.second.rawValue
      spawn.descriptors[configurationNumber] = configuration.descriptor.rawValue
      let child = try spawn.start()
      let socket = pair.intoFirst()
      let worker = Worker(
        child: child, socket: socket, epoll: epoll, errors: errors, configuration: configuration,
        strays: strays, started: started)
      try worker.epoll.add(worker.socket.rawValue, .readable, token: Token.packet.rawValue)
      try worker.epoll.add(worker.child.pidfd, .readable, token: Token.end.rawValue)
      return worker
    } catch {
      throw CRIUError(starting: client.installation, error)
    }
  }

  /// Sends a request, answers what CRIU tells on the way, and returns its answer, be it a success
  /// or not.
  ///
  /// A CRIU that is killed in a dump takes the tasks with it. So when a dump is to end early, the
  /// next notification is answered with a no, upon which CRIU lets the tasks go on; only if that
  /// takes too long, it is killed.
  mutating func exchange(
    _ request: Request, deadline: Deadline, cancel: Int32?, handler: Client.Handler
  ) throws(CRIUError) -> Answer {
    try watch(cancel)
    defer { unwatch(cancel) }
    try send(request.message, for: request, deadline: deadline)
    var answer = Answer()
    var limit = deadline
    while true {
      var arrival = try next(for: request, deadline: limit)
      guard var packet = arrival.packet.take() else {
        if case .cancel = arrival.silence, request.kind.leavesTasks, answer.stop == nil {
          answer.stop = .cancelled
          limit = Worker.patience
          unwatch(cancel)
          continue
        }
        throw giveUp(request, arrival.silence, answer.stop)
      }
      let response = try decode(packet.bytes, for: request)
      if response.signed("type") == Int64(Request.Kind.notify.rawValue) {
        var reply: Message
        if let terminal = packet.next() {
          reply = answer.reply(to: response, descriptor: terminal.rawValue, handler)
        } else {
          reply = answer.reply(to: response, descriptor: nil, handler)
        }
        if request.kind.leavesTasks, answer.stop == nil {
          answer.stop = try reasonToStop(request, deadline: deadline, cancel: cancel)
          if answer.stop != nil { limit = Worker.patience }
        }
        if answer.stop != nil { reply.set("notify_success", flag: false) }
        try send(reply, for: request, deadline: limit)
      } else {
        answer.response = response
        return answer
      }
    }
  }

  /// Writes the configuration that the next request names; returns the path for it.
  func configure(_ lines: [String]) throws(CRIUError) -> String? {
    if lines.isEmpty { return nil }
    do {
      try configuration.replace(with: lines.joined(separator: "\n") + "\n")
    } catch {
      throw CRIUError(.failed, subject: "configuring CRIU", cause: "\(error)")
    }
    return "/proc/self/fd/\(Worker.configurationNumber)"
  }

  /// Waits until CRIU has ended after its last answer.
  ///
  /// What it restored or left behind as a server is not touched.
  mutating func finish(deadline: Deadline) {
    isOver = true
    // Without the other end of its socket CRIU ends, if it has not yet.
    _ = try? socket.shutdown(reading: true, writing: true)
    let patience = deadline.or(after: .seconds(5))
    if (try? child.wait(deadline: patience)) != nil { return }
    // Nothing depends on it any more; a failure to kill it is its end.
    _ = try? child.signal(.kill)
    _ = try? child.wait(deadline: .after(.seconds(5)))
  }

  /// Waits until CRIU has ended after it failed, and reaps what is left of what it restored.
  mutating func finishFailed(deadline: Deadline) {
    finish(deadline: deadline)
    strays.kill(of: child.pid)
  }

  /// CRIU's own words on descriptor 2.
  func complaints() -> [String] { errors.lines() }

  /// When CRIU was started: older files are not of this run.
  var start: Timestamp { started }
}

extension Worker {
  private func watch(_ cancel: Int32?) throws(CRIUError) {
    guard let cancel else { return }
    do {
      try epoll.add(cancel, .readable, token: Token.cancel.rawValue)
    } catch {
      throw CRIUError(.failed, subject: "watching the cancel descriptor", cause: "\(error)")
    }
  }

  private func unwatch(_ cancel: Int32?) {
    // If the caller has closed it meanwhile, it is out already.
    if let cancel { _ = try? epoll.remove(cancel) }
  }

  private func send(
    _ message: Message, for request: Request, deadline: Deadline
  ) throws(CRIUError) {
    do {
      try socket.sendAll(message.encoded(), deadline: deadline)
    } catch .brokenPipe {
      // CRIU has ended; the next read tells how.
    } catch .connectionReset {
      // The same.
    } catch {
      throw CRIUError(.failed, subject: request.subject, cause: "sending the request: \(error)")
    }
  }

  /// Waits for the next packet.
  private func next(for request: Request, deadline: Deadline) throws(CRIUError) -> Arrival {
    do throws(Errno) {
      let ready = try epoll.wait(deadline: deadline).map(\.token)
      if ready.isEmpty { return Arrival(silence: .deadline) }
      if ready.contains(Token.cancel.rawValue) { return Arrival(silence: .cancel) }
      guard ready.contains(Token.packet.rawValue) else { return Arrival() }
      let limit = 64 << 10
      let packet = try socket.receiveDescriptors(upTo: limit, deadline: .after(.zero))
      if packet.bytes.isEmpty { return Arrival() }
      guard packet.bytes.count < limit else { throw Errno.messageTooLong }
      return Arrival(packet: packet)
    } catch .connectionReset {
      return Arrival()
    } catch {
      throw CRIUError(
        .protocolViolation, subject: request.subject, cause: "reading the answer: \(error)")
    }
  }

  private func decode(_ bytes: [UInt8], for request: Request) throws(CRIUError) -> Message {
    do {
      return try Message(.criuResp, decoding: bytes)
    } catch {
      throw CRIUError(.protocolViolation, subject: request.subject, cause: "\(error)")
    }
  }

  /// Whether a dump is to end early: the handler took too long, or the caller wants it.
  private func reasonToStop(
    _ request: Request, deadline: Deadline, cancel: Int32?
  ) throws(CRIUError) -> CRIUError.Code? {
    if deadline.hasPassed { return .timedOut }
    guard let cancel else { return nil }
    do {
      let ready = try Descriptor.poll(cancel, for: .readable, deadline: .after(.zero))
      return ready.isEmpty ? nil : .cancelled
    } catch {
      throw CRIUError(.failed, subject: request.subject, cause: "cancel descriptor: \(error)")
    }
  }

  /// How long a CRIU that was told to give up may take.
  private static var patience: Deadline { .after(.seconds(5)) }

  private mutating func giveUp(
    _ request: Request, _ silence: Silence, _ stop: CRIUError.Code?
  ) -> CRIUError {
    var status: ExitStatus?
    // The socket's end comes before the process's.
    if case .end = silence { status = (try? child.wait(deadline: .after(.seconds(2)))) ?? nil }
    abandon()
    isOver = true
    let log = Log(of: request, since: started, complaints: complaints())
    switch silence {
    case .deadline where stop != nil: return log.error(stop ?? .timedOut, cause: nil)
    case .deadline: return log.blamingImages(log.error(.timedOut, cause: nil))
    case .cancel: return log.error(.cancelled, cause: nil)
    case .end:
      let how = status.map { "CRIU ended with \($0) and no answer" }
      return log.blamingImages(log.error(.died, cause: log.firstError ?? how))
    }
  }

  /// Kills CRIU with all of its descendants and what it was about to restore.
  private func abandon() {
    Processes.kill(tree: child.pid)
    strays.kill(of: child.pid)
    // It was killed; if it does not end even so, nothing more can be done.
    _ = try? child.wait(deadline: .after(.seconds(10)))
  }
}
