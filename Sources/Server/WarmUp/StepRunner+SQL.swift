import Linux

extension StepRunner {
  /// Runs all statements on a new connection: what a server does for a connection is warmed up as
  /// well.
  func runSQL(_ sql: Step.SQL, _ repetition: Int, _ operations: inout Int) -> Turn {
    let form = sql.form ?? (repetition.isMultiple(of: 2) ? .extended : .simple)
    var client: PostgreSQLClient
    do throws(PostgreSQLError) {
      client = try PostgreSQLClient.connect(sql.target, deadline: deadline, watch: watch)
    } catch {
      return turn(after: error, "cannot connect to \(sql.target.title)")
    }
    var turn = Turn.done
    for (index, statement) in sql.statements.enumerated() {
      do throws(PostgreSQLError) {
        switch form {
        case .simple:
          _ = try client.query(statement, deadline: deadline, rowLimit: 0)
        case .extended:
          _ = try client.query(statement, parameters: [], deadline: deadline, rowLimit: 0)
        }
        operations += 1
      } catch {
        // The server would go on with what nobody waits for any more, and be frozen with it.
        if error.kind == .timedOut { client.cancel(deadline: .after(.seconds(1))) }
        let title = Told.plain(Self.oneLine(statement), limit: 120)
        turn = self.turn(
          after: error, "statement \(index + 1), \(form.rawValue) protocol, `\(title)`")
      }
      if turn != .done { break }
    }
    client.close()
    return turn
  }

  private func turn(after error: PostgreSQLError, _ what: String) -> Turn {
    switch error.kind {
    case .timedOut: return .cutShort
    case .interrupted: return .interrupted
    case .connect, .closed: return .disconnected("\(what): \(error)")
    case .server where error.sqlState?.hasPrefix("40") == true: return .noted("\(what): \(error)")
    // 57P01 to 57P03: it shuts down, or crashed.
    case .server where error.sqlState?.hasPrefix("57P") == true:
      return .disconnected("\(what): \(error)")
    default: return .failed("\(what): \(error)")
    }
  }

  /// The statement with its line breaks as spaces.
  private static func oneLine(_ statement: String) -> String {
    statement.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
