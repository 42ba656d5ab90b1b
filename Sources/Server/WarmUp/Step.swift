/// One step of a warm-up: what to do, how often, and for how long at most.
package struct Step: Hashable, Sendable, Codable {
  /// What a step does once.
  package enum Action: Hashable, Sendable {
    /// Runs statements on one connection.
    case sql(SQL)
    /// Sends one request and reads the whole answer.
    case http(HTTPRequest)
    /// Runs a command beside the server.
    case command([String])
    /// Asks the server, a HotSpot JVM, for a command of `jcmd`: its name, and arguments behind blanks.
    case jcmd(String)
  }

  /// Statements for a database.
  package struct SQL: Hashable, Sendable, Codable {
    /// Which half of PostgreSQL's protocol carries a statement.
    package enum Form: String, Hashable, Sendable, Codable, CaseIterable {
      /// One `Query` message.
      case simple
      /// `Parse`, `Bind`, `Describe`, `Execute`, `Sync`.
      case extended
    }

    /// The database.
    package var target: PostgreSQLTarget
    /// The statements in order, each without its semicolon.
    package var statements: [String]
    /// The file that they were read from, for titles.
    package var file: String?
    /// The only form to use; nil: both in turns, one a repetition, beginning with simple.
    package var form: Form?

    /// Makes the statements of a step.
    package init(
      target: PostgreSQLTarget, statements: [String], file: String? = nil, form: Form? = nil
    ) {
      self.target = target
      self.statements = statements
      self.file = file
      self.form = form
    }

    enum CodingKeys: String, CodingKey {
      case target, statements, file
      case form = "protocol"
    }
  }

  /// What to do.
  package var action: Action
  /// How often, at least once.
  package var repetitions: Int
  /// For how long at most, all repetitions together; nil: as long as the warm-up may take.
  package var within: TimeSpan?

  /// Makes a step.
  package init(_ action: Action, repetitions: Int = 1, within: TimeSpan? = nil) {
    self.action = action
    self.repetitions = repetitions
    self.within = within
  }

  enum CodingKeys: String, CodingKey {
    case action
    case repetitions = "repeat"
    case within
  }
}

extension Step {
  /// The step in a few words: `warm-up.sql`, `GET http://127.0.0.1:3000/`, `jcmd GC.run`.
  package var title: String {
    switch action {
    case .sql(let sql):
      let first = sql.statements.first ?? ""
      return sql.file
        ?? (sql.statements.count > 1
          ? "\(sql.statements.count) statements" : Told.plain(first, limit: 60))
    case .http(let request): return request.title
    case .command(let words): return Told.plain(ShellWords.joined(words), limit: 60)
    case .jcmd(let command): return Told.plain("jcmd \(command)", limit: 60)
    }
  }
}

extension Step {
  /// The step with a text in the place of another, wherever the user wrote it.
  package func replacing(_ text: String, with other: String) -> Step {
    var step = self
    switch action {
    case .sql(var sql):
      sql.statements = sql.statements.map { $0.replacing(text, with: other) }
      step.action = .sql(sql)
    case .http(var request):
      request.path = request.path.replacing(text, with: other)
      request.headers = request.headers.mapValues { $0.replacing(text, with: other) }
      request.body = request.body?.replacing(text, with: other)
      step.action = .http(request)
    case .command(let words):
      step.action = .command(words.map { $0.replacing(text, with: other) })
    case .jcmd(let command): step.action = .jcmd(command.replacing(text, with: other))
    }
    return step
  }
}

extension Step.Action: Codable {
  private enum Key: String, CodingKey {
    case sql, http, command, jcmd
  }

  /// Decodes `{"sql": …}`, `{"http": …}`, `{"command": […]}` or `{"jcmd": "…"}`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if let sql = try container.decodeIfPresent(Step.SQL.self, forKey: .sql) {
      self = .sql(sql)
    } else if let request = try container.decodeIfPresent(HTTPRequest.self, forKey: .http) {
      self = .http(request)
    } else if let command = try container.decodeIfPresent(String.self, forKey: .jcmd) {
      self = .jcmd(command)
    } else {
      self = .command(try container.decode([String].self, forKey: .command))
    }
  }

  /// Encodes the form that `init(from:)` reads.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .sql(let sql): try container.encode(sql, forKey: .sql)
    case .http(let request): try container.encode(request, forKey: .http)
    case .command(let words): try container.encode(words, forKey: .command)
    case .jcmd(let command): try container.encode(command, forKey: .jcmd)
    }
  }
}
