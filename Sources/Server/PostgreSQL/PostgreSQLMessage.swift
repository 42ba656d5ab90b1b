/// A message of the server (PostgreSQL's manual, "Message Formats").
enum PostgreSQLMessage: Hashable {
  /// What an Authentication message asks for.
  enum Authentication: Hashable {
    case ok
    case cleartext
    case md5(salt: [UInt8])
    case sasl(mechanisms: [String])
    case saslContinue([UInt8])
    case saslFinal([UInt8])
    case other(Int32)
  }

  case authentication(Authentication)
  case parameterStatus(name: String, value: String)
  case backendKey(process: Int32, secret: [UInt8])
  case readyForQuery
  case rowDescription([String])
  case dataRow([String?])
  case commandComplete(String)
  case emptyQuery
  case error(PostgreSQLNotice)
  case notice(PostgreSQLNotice)
  case copyIn
  case copyBoth
  /// What needs no answer: ParseComplete, BindComplete, NoData, CopyData and the like.
  case passing

  /// Reads a message of a type that the protocol knows.
  init(type: UInt8, payload bytes: ArraySlice<UInt8>) throws(PostgreSQLError) {
    var payload = PostgreSQLPayload(bytes)
    switch type {
    case UInt8(ascii: "R"): self = .authentication(try Authentication(&payload))
    case UInt8(ascii: "S"):
      self = .parameterStatus(name: try payload.text(), value: try payload.text())
    case UInt8(ascii: "K"):
      self = .backendKey(process: try payload.int32(), secret: Array(payload.remainder()))
    case UInt8(ascii: "Z"):
      _ = try payload.byte()
      self = .readyForQuery
    case UInt8(ascii: "T"): self = .rowDescription(try Self.columns(&payload))
    case UInt8(ascii: "D"): self = .dataRow(try Self.row(&payload))
    case UInt8(ascii: "C"): self = .commandComplete(try payload.text())
    case UInt8(ascii: "I"): self = .emptyQuery
    case UInt8(ascii: "E"): self = .error(try PostgreSQLNotice(&payload))
    case UInt8(ascii: "N"): self = .notice(try PostgreSQLNotice(&payload))
    case UInt8(ascii: "G"): self = .copyIn
    case UInt8(ascii: "W"): self = .copyBoth
    default:
      guard Self.isPassing(type) else {
        throw PostgreSQLError(.malformed, "a message of an unknown type, byte \(type)")
      }
      self = .passing
    }
  }

  /// Whether a byte begins a message that a server may send.
  static func isKnown(_ type: UInt8) -> Bool {
    "RSKZTDCIENGW".utf8.contains(type) || isPassing(type)
  }

  /// Completions, descriptions of parameters, notifications, copied data, protocol negotiation.
  private static func isPassing(_ type: UInt8) -> Bool {
    "123stnAHdcv".utf8.contains(type)
  }

  private static func columns(
    _ payload: inout PostgreSQLPayload
  ) throws(PostgreSQLError) -> [String] {
    var names: [String] = []
    for _ in 0..<max(0, try payload.int16()) {
      names.append(try payload.text())
      // Table, column, type, size, modifier, format.
      _ = try payload.bytes(18)
    }
    return names
  }

  private static func row(_ payload: inout PostgreSQLPayload) throws(PostgreSQLError) -> [String?] {
    var values: [String?] = []
    for _ in 0..<max(0, try payload.int16()) {
      let length = try payload.int32()
      // -1 is NULL.
      let value = length == -1 ? nil : try payload.bytes(Int(length))
      values.append(value.map { String(decoding: $0, as: UTF8.self) })
    }
    return values
  }
}

extension PostgreSQLMessage.Authentication {
  init(_ payload: inout PostgreSQLPayload) throws(PostgreSQLError) {
    let kind = try payload.int32()
    switch kind {
    case 0: self = .ok
    case 3: self = .cleartext
    case 5: self = .md5(salt: Array(try payload.bytes(4)))
    case 10:
      var mechanisms: [String] = []
      while payload.count > 0 {
        let name = try payload.text()
        if name.isEmpty { break }
        mechanisms.append(name)
      }
      self = .sasl(mechanisms: mechanisms)
    case 11: self = .saslContinue(Array(payload.remainder()))
    case 12: self = .saslFinal(Array(payload.remainder()))
    default: self = .other(kind)
    }
  }
}
