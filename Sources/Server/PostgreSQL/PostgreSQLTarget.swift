/// A database to connect to with PostgreSQL's protocol.
package struct PostgreSQLTarget: Hashable, Sendable {
  /// Where the server listens.
  package var endpoint: Endpoint
  /// The role.
  package var user: String
  /// The password, nil when none is to be offered.
  package var password: String?
  /// The database.
  package var database: String

  /// Makes a target; the database has the user's name when none is given, as in psql.
  package init(
    endpoint: Endpoint, user: String, password: String? = nil, database: String? = nil
  ) {
    self.endpoint = endpoint
    self.user = user
    self.password = password
    self.database = database ?? user
  }

  /// `postgresql://ledger@127.0.0.1:5432/ledger`, without the password.
  package var title: String {
    let user = URLText.encoded(user)
    return "postgresql://\(user)@\(endpoint)/\(URLText.encoded(database))"
  }
}

extension PostgreSQLTarget: Codable {}
