/// What a statement gave.
package struct PostgreSQLResult: Hashable, Sendable {
  /// The names of the columns.
  package var columns: [String] = []
  /// The first rows, as texts, nil for NULL.
  package var rows: [[String?]] = []
  /// How many rows there were, also those that were not kept.
  package var rowCount = 0
  /// What was done, such as `INSERT 0 1`.
  package var tag = ""
  /// What the server remarked, at most a hundred.
  package var notices: [PostgreSQLNotice] = []
}

/// One statement as a state machine: messages of the server in, what to do out.
struct PostgreSQLStatement {
  /// What to do after a message.
  enum Action: Hashable {
    /// Read on.
    case wait
    /// Send these bytes, then read on.
    case send([UInt8])
    /// The statement is over and the connection free for the next.
    case done
  }

  private let isExtended: Bool
  private let rowLimit: Int
  private var result = PostgreSQLResult()
  private var failure: PostgreSQLError?

  init(isExtended: Bool, rowLimit: Int) {
    self.isExtended = isExtended
    self.rowLimit = rowLimit
  }

  /// Takes a message.
  ///
  /// - Throws: what ends the connection as well; `outcome` has an error of the statement alone.
  mutating func receive(_ message: PostgreSQLMessage) throws(PostgreSQLError) -> Action {
    switch message {
    case .rowDescription(let columns):
      result.columns = columns
      result.rows = []
    case .dataRow(let row):
      result.rowCount += 1
      if result.rows.count < rowLimit { result.rows.append(row) }
    case .commandComplete(let tag): result.tag = tag
    case .notice(let notice): if result.notices.count < 100 { result.notices.append(notice) }
    case .error(let notice):
      guard !notice.isFatal else { throw notice.error }
      failure = failure ?? notice.error
    case .copyIn:
      // Behind it the server has thrown the Sync away.
      return .send(PostgreSQLRequest.copyFail + (isExtended ? PostgreSQLRequest.sync : []))
    case .readyForQuery: return .done
    case .emptyQuery, .passing, .parameterStatus: break
    case .authentication, .backendKey, .copyBoth:
      throw PostgreSQLError(.malformed, "an unexpected message in the answer to a statement")
    }
    return .wait
  }

  /// The result, once `receive` said that it is done.
  func outcome() throws(PostgreSQLError) -> PostgreSQLResult {
    if let failure { throw failure }
    return result
  }
}
