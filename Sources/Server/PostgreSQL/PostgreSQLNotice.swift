/// An error or a notice of the server.
package struct PostgreSQLNotice: Hashable, Sendable {
  /// `ERROR`, `FATAL`, `NOTICE` …, never translated.
  package var severity: String
  /// The five letters.
  package var sqlState: String
  /// The message.
  package var message: String
  /// More about it.
  package var detail: String?
  /// What to do.
  package var hint: String?

  /// Reads the fields of an ErrorResponse or NoticeResponse; those that are missing stay empty.
  init(_ payload: inout PostgreSQLPayload) throws(PostgreSQLError) {
    var fields: [UInt8: String] = [:]
    while true {
      let field = try payload.byte()
      if field == 0 { break }
      fields[field] = try payload.text()
    }
    // V is S without translation, since PostgreSQL 9.6.
    severity = fields[UInt8(ascii: "V")] ?? fields[UInt8(ascii: "S")] ?? "ERROR"
    sqlState = fields[UInt8(ascii: "C")] ?? ""
    let text = fields[UInt8(ascii: "M")] ?? ""
    message = text.isEmpty ? "an error without a message" : text
    detail = fields[UInt8(ascii: "D")]
    hint = fields[UInt8(ascii: "H")]
  }

  /// The notice as the error of a statement or a connection.
  var error: PostgreSQLError {
    var text = message
    if let detail { text += "; \(detail)" }
    return PostgreSQLError(.server, text, sqlState: sqlState)
  }

  /// Whether the server closes the connection after it.
  var isFatal: Bool { severity == "FATAL" || severity == "PANIC" }
}
