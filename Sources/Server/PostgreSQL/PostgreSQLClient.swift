package import Linux

/// A connection to a server that speaks PostgreSQL's protocol 3: enough of a client to ask and to
/// warm up.
///
/// Blocking; every call has a deadline and looks at the watch of `connect`. After an error of
/// another kind than `.server` the connection is of no more use. No TLS.
package struct PostgreSQLClient: ~Copyable {
  private let connection: Connection
  private let target: PostgreSQLTarget
  private var frames: PostgreSQLFrames
  private var key: (process: Int32, secret: [UInt8])?
  private var isBroken = false

  /// What the server told about itself at the login, such as `server_version`.
  package private(set) var parameters: [String: String]

  /// Connects and logs in.
  ///
  /// - Throws: `.connect` while nobody listens, `.server` for what the server refuses.
  package static func connect(
    _ target: PostgreSQLTarget, deadline: Deadline, watch: Watch = Watch()
  ) throws(PostgreSQLError) -> PostgreSQLClient {
    let connection: Connection
    do throws(ConnectionError) {
      connection = try Connection.open(target.endpoint, deadline: deadline, watch: watch)
    } catch {
      throw PostgreSQLError(error, connecting: true)
    }
    var client = PostgreSQLClient(connection: connection, target: target)
    try client.logIn(deadline)
    return client
  }

  private init(connection: consuming Connection, target: PostgreSQLTarget) {
    self.connection = connection
    self.target = target
    frames = PostgreSQLFrames()
    parameters = [:]
  }

  /// Runs a statement with the simple protocol; of its rows the first `rowLimit` are kept.
  package mutating func query(
    _ sql: String, deadline: Deadline, rowLimit: Int = 10_000
  ) throws(PostgreSQLError) -> PostgreSQLResult {
    let statement = PostgreSQLStatement(isExtended: false, rowLimit: rowLimit)
    return try run(statement, try Self.checked(PostgreSQLRequest.query, sql), deadline)
  }

  /// Runs a statement with the extended protocol; parameters `$1` … are texts, nil is NULL.
  package mutating func query(
    _ sql: String, parameters: [String?], deadline: Deadline, rowLimit: Int = 10_000
  ) throws(PostgreSQLError) -> PostgreSQLResult {
    guard parameters.count <= Int(Int16.max) else {
      throw PostgreSQLError(.malformed, "more than \(Int16.max) parameters")
    }
    let statement = PostgreSQLStatement(isExtended: true, rowLimit: rowLimit)
    let bytes = try Self.checked({ PostgreSQLRequest.extended($0, parameters) }, sql)
    return try run(statement, bytes, deadline)
  }

  /// Says goodbye, waits until the server has closed its end, and closes.
  ///
  /// At most a second, so that no server is frozen with a connection half closed. A connection that
  /// is broken already is only closed.
  package consuming func close() {
    guard !isBroken else { return }
    let deadline = Deadline.after(.seconds(1))
    do throws(ConnectionError) {
      try connection.send(PostgreSQLRequest.terminate, deadline: deadline)
      while try !connection.receive(deadline: deadline).isEmpty {}
    } catch {
      return
    }
  }

  /// Asks the server to give up the running statement, and waits until it has taken note.
  ///
  /// Best effort: a server that does not hear it finds the connection closed later.
  package func cancel(deadline: Deadline) {
    guard let key else { return }
    do throws(ConnectionError) {
      let other = try Connection.open(target.endpoint, deadline: deadline, watch: Watch())
      let request = PostgreSQLRequest.cancel(process: key.process, secret: key.secret)
      try other.send(request, deadline: deadline)
      _ = try other.receive(deadline: deadline)
    } catch {
      return
    }
  }

  /// A zero byte would end the statement too early and turn the rest into protocol.
  private static func checked(
    _ encode: (String) -> [UInt8], _ sql: String
  ) throws(PostgreSQLError) -> [UInt8] {
    guard !sql.utf8.contains(0) else {
      throw PostgreSQLError(.malformed, "a statement with a zero byte")
    }
    return encode(sql)
  }

  private mutating func logIn(_ deadline: Deadline) throws(PostgreSQLError) {
    var login = PostgreSQLLogin(target, nonce: SCRAM.freshNonce())
    try send(login.start, deadline)
    while true {
      switch try login.receive(try next(deadline)) {
      case .wait: continue
      case .send(let bytes): try send(bytes, deadline)
      case .done:
        parameters = login.parameters
        key = login.key
        frames.isLoggedIn = true
        return
      }
    }
  }

  private mutating func run(
    _ start: PostgreSQLStatement, _ request: [UInt8], _ deadline: Deadline
  ) throws(PostgreSQLError) -> PostgreSQLResult {
    guard !isBroken else { throw PostgreSQLError(.closed, "the connection is closed already") }
    var statement = start
    isBroken = true
    try send(request, deadline)
    while true {
      switch try statement.receive(try next(deadline)) {
      case .wait: continue
      case .send(let bytes): try send(bytes, deadline)
      case .done:
        isBroken = false
        return try statement.outcome()
      }
    }
  }

  private func send(_ bytes: [UInt8], _ deadline: Deadline) throws(PostgreSQLError) {
    do throws(ConnectionError) {
      try connection.send(bytes, deadline: deadline)
    } catch .system(.brokenPipe), .system(.connectionReset) {
      // What the server said before it closed is read next.
    } catch {
      throw PostgreSQLError(error)
    }
  }

  /// The next message.
  private mutating func next(_ deadline: Deadline) throws(PostgreSQLError) -> PostgreSQLMessage {
    while true {
      if let message = try frames.next() { return message }
      let bytes: [UInt8]
      do throws(ConnectionError) {
        bytes = try connection.receive(deadline: deadline)
      } catch {
        throw PostgreSQLError(error)
      }
      guard !bytes.isEmpty else {
        throw PostgreSQLError(.closed, "the server closed the connection")
      }
      frames.append(bytes)
    }
  }
}
