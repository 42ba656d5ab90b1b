/// Why a connection to a database, or a statement, failed.
package struct PostgreSQLError: Error, Hashable, Sendable {
  /// What kind of failure it is.
  package enum Kind: Hashable, Sendable {
    /// Nobody listens, or no way leads there.
    case connect
    /// A host that is neither an address nor in `/etc/hosts`.
    case unknownHost
    /// The server closed the connection.
    case closed
    /// The deadline passed.
    case timedOut
    /// The watch ended the wait.
    case interrupted
    /// The server wants what Thaw cannot give, or could not prove that it knows the password.
    case authentication
    /// The server said no; `sqlState` tells why.
    case server
    /// What came is not PostgreSQL's protocol, or beyond the limits.
    case malformed
  }

  /// The kind.
  package var kind: Kind
  /// The five letters of the server, such as `42P01`.
  package var sqlState: String?
  /// What happened, on one line.
  package var message: String

  /// Makes an error.
  package init(_ kind: Kind, _ message: String, sqlState: String? = nil) {
    self.kind = kind
    self.sqlState = sqlState
    self.message = Told.plain(message, limit: 500)
  }

  init(_ error: ConnectionError, connecting: Bool = false) {
    switch error {
    case .unknownHost: self.init(.unknownHost, "\(error)")
    case .timedOut: self.init(.timedOut, "\(error)")
    case .interrupted: self.init(.interrupted, "\(error)")
    case .system: self.init(connecting ? .connect : .closed, "\(error)")
    }
  }
}

extension PostgreSQLError: CustomStringConvertible {
  /// `42P01: relation "x" does not exist`, or the message alone.
  package var description: String {
    sqlState.map { "\($0): \(message)" } ?? message
  }
}
