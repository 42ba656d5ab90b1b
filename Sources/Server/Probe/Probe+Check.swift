package import Linux

extension Probe {
  /// Asks once; blocks until the answer, the deadline, or what the watch tells.
  ///
  /// - Parameters:
  ///   - deadline: when to give up, which counts as not yet ready.
  ///   - commands: how a command probe is run.
  ///   - watch: what else ends the wait, also as not yet ready.
  /// - Returns: what the probe found out.
  package func check(
    deadline: Deadline, commands: CommandContext = CommandContext(), watch: Watch = Watch()
  ) -> ProbeResult {
    switch self {
    case .tcp(let endpoint):
      Self.tcp(endpoint, deadline, watch)
    case .http(let request):
      Self.http(HTTPExchange(request: request, watch: watch), deadline)
    case .postgresql(let target, let query):
      Self.postgresql(target, query, deadline, watch)
    case .command(let words):
      Self.command(CommandRun(words: words, context: commands, watch: watch), deadline)
    }
  }

  private static func tcp(_ endpoint: Endpoint, _ deadline: Deadline, _ watch: Watch) -> ProbeResult
  {
    do throws(ConnectionError) {
      _ = try Connection.open(endpoint, deadline: deadline, watch: watch)
      return .ready
    } catch {
      return result(of: error)
    }
  }

  private static func http(_ exchange: HTTPExchange, _ deadline: Deadline) -> ProbeResult {
    do throws(HTTPExchange.Failure) {
      let status = try exchange.run(.status, deadline: deadline)
      let wanted = exchange.request.status
      guard wanted == nil ? (200...299).contains(status) : wanted == status else {
        let expected = wanted.map { "\($0)" } ?? "2xx"
        return .notYet(reason: "answered \(status), expected \(expected)")
      }
      return .ready
    } catch {
      switch error {
      case .connection(let error): return result(of: error)
      case .closed: return .notYet(reason: "\(error)")
      case .malformed: return .failed(reason: "\(error)")
      }
    }
  }

  private static func postgresql(
    _ target: PostgreSQLTarget, _ query: String, _ deadline: Deadline, _ watch: Watch
  ) -> ProbeResult {
    do throws(PostgreSQLError) {
      var client = try PostgreSQLClient.connect(target, deadline: deadline, watch: watch)
      do throws(PostgreSQLError) {
        _ = try client.query(query, deadline: deadline, rowLimit: 1)
      } catch {
        client.close()
        throw error
      }
      client.close()
      return .ready
    } catch {
      switch error.kind {
      case .unknownHost, .authentication, .malformed: return .failed(reason: "\(error)")
      case .server where isFinal(error.sqlState ?? ""): return .failed(reason: "\(error)")
      default: return .notYet(reason: "\(error)")
      }
    }
  }

  private static func command(_ run: CommandRun, _ deadline: Deadline) -> ProbeResult {
    switch run.run(deadline: deadline) {
    case .ended(let status, _) where status.isSuccess: .ready
    case .ended(let status, let tail):
      .notYet(reason: tail.isEmpty ? "\(status)" : "\(status): \(tail)")
    case .timedOut: .notYet(reason: "no answer in time")
    case .interrupted: .notYet(reason: "given up")
    case .unstartable(let reason, isFinal: true): .failed(reason: reason)
    case .unstartable(let reason, isFinal: false), .lost(let reason): .notYet(reason: reason)
    }
  }

  private static func result(of error: ConnectionError) -> ProbeResult {
    if case .unknownHost = error { return .failed(reason: "\(error)") }
    return .notYet(reason: "\(error)")
  }

  /// Wrong password, no such role, no entry in pg_hba.conf, wrong syntax: asking again does not
  /// help.
  private static func isFinal(_ sqlState: String) -> Bool {
    ["28P01", "28000", "42601"].contains(sqlState)
  }
}
