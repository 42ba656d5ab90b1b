import Linux
import Memory

/// Runs one step with all its repetitions.
struct StepRunner {
  /// How one repetition ended.
  enum Turn: Hashable {
    case done
    /// The time limit passed.
    case cutShort
    /// The server asks to try again; the step goes on.
    case noted(String)
    /// It failed: with what and why.
    case failed(String)
    /// It failed as it would if the server had ended.
    case disconnected(String)
    /// The watch ended a wait.
    case interrupted
  }

  let step: Step
  let watch: Watch
  let commands: CommandContext
  let deadline: Deadline

  /// Runs the repetitions and fills in the record; `begins` is told the number of each.
  func run(_ record: inout WarmUp.StepRecord, begins: (Int) -> Void) -> WarmUp.Ending {
    let start = Clock.monotonic()
    defer { record.duration = TimeSpan(Clock.monotonic() - start) }
    for repetition in 1...max(1, step.repetitions) {
      if let ending = ending(within: .zero) { return ending }
      guard !deadline.hasPassed else {
        record.cutShort = true
        return .finished
      }
      begins(repetition)
      switch turn(repetition, &record.operations) {
      case .done: record.repetitions += 1
      case .cutShort:
        record.cutShort = true
        return .finished
      case .noted(let what): if record.errors.count < 10 { record.errors.append(what) }
      case .failed(let what):
        record.errors.append(what)
        return .failed(what)
      case .disconnected(let what):
        // A server that dies closes its connections first.
        if let ending = ending(within: .seconds(1)) { return ending }
        record.errors.append(what)
        return .failed(what)
      case .interrupted:
        return ending(within: .zero) ?? .cancelled
      }
    }
    return .finished
  }

  private func turn(_ repetition: Int, _ operations: inout Int) -> Turn {
    switch step.action {
    case .sql(let sql): runSQL(sql, repetition, &operations)
    case .http(let request): runHTTP(request, &operations)
    case .command(let words): runCommand(words, &operations)
    case .jcmd(let command): ask(command, &operations)
    }
  }

  private func ending(within duration: Duration) -> WarmUp.Ending? {
    guard duration == .zero || watch.server != nil else { return nil }
    // Without descriptors left the step itself fails as well, and tells why.
    switch try? watch.wait(deadline: .after(duration)) {
    case .died: return .died
    case .cancelled: return .cancelled
    case nil: return nil
    }
  }

  private func runHTTP(_ request: HTTPRequest, _ operations: inout Int) -> Turn {
    do throws(HTTPExchange.Failure) {
      let exchange = HTTPExchange(request: request, watch: watch)
      let status = try exchange.run(.all, deadline: deadline)
      let isGood = request.status.map { $0 == status } ?? (200...399).contains(status)
      guard isGood else {
        let expected = request.status.map { "\($0)" } ?? "2xx or 3xx"
        return .failed("answered \(status), expected \(expected)")
      }
      operations += 1
      return .done
    } catch {
      switch error {
      case .connection(.timedOut): return .cutShort
      case .connection(.interrupted): return .interrupted
      case .malformed(let what): return .failed(what)
      case .connection, .closed: return .disconnected("\(error)")
      }
    }
  }

  /// What a JVM does not do for who asks it is noted: commands differ between versions, and none makes a server wrong.
  private func ask(_ command: String, _ operations: inout Int) -> Turn {
    guard let jvm = commands.serverPID.flatMap({ HotSpot(pid: $0) }) else {
      return .noted("the server is no HotSpot JVM that this process may ask")
    }
    do throws(HotSpotError) {
      _ = try jvm.ask(command, deadline: deadline)
      operations += 1
      return .done
    } catch {
      return error.code == .timedOut ? .cutShort : .noted("\(error)")
    }
  }

  private func runCommand(_ words: [String], _ operations: inout Int) -> Turn {
    let run = CommandRun(words: words, context: commands, watch: watch)
    switch run.run(deadline: deadline) {
    case .ended(let status, _) where status.isSuccess:
      operations += 1
      return .done
    case .ended(let status, let tail):
      return .disconnected(tail.isEmpty ? "\(status)" : "\(status): \(tail)")
    case .timedOut: return .cutShort
    case .interrupted: return .interrupted
    case .unstartable(let reason, _), .lost(let reason): return .failed(reason)
    }
  }
}
