extension JSONValue {
  /// The JSON text, in ASCII, byte for byte as Python's `json.dump` writes it, and so as `crit`
  /// does.
  ///
  /// `indent` puts each value on a line of its own, so many spaces in a level; `nil` keeps all on
  /// one line.
  public func text(indent: Int? = nil) -> String {
    var text = ""
    write(to: &text, indent: indent, level: 0)
    return text
  }

  private func write(to text: inout String, indent: Int?, level: Int) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let value): text += String(value)
    case .string(let value): JSONValue.quote(value, to: &text)
    case .array(let values):
      JSONValue.list(values, "[", "]", to: &text, indent: indent, level: level) {
        $0.write(to: &$1, indent: indent, level: level + 1)
      }
    case .object(let members):
      JSONValue.list(members, "{", "}", to: &text, indent: indent, level: level) {
        JSONValue.quote($0.name, to: &$1)
        $1 += ": "
        $0.value.write(to: &$1, indent: indent, level: level + 1)
      }
    }
  }

  private static func list<Element>(
    _ elements: [Element], _ open: String, _ close: String, to text: inout String, indent: Int?,
    level: Int, each: (Element, inout String) -> Void
  ) {
    text += open
    for (index, element) in elements.enumerated() {
      if let indent {
        text += (index > 0 ? ",\n" : "\n") + String(repeating: " ", count: indent * (level + 1))
      } else if index > 0 {
        text += ", "
      }
      each(element, &text)
    }
    if let indent, !elements.isEmpty {
      text += "\n" + String(repeating: " ", count: indent * level)
    }
    text += close
  }

  private static func quote(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{8}": text += "\\b"
      case "\u{c}": text += "\\f"
      case " "..."~": text.unicodeScalars.append(scalar)
      default:
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      }
    }
    text += "\""
  }
}
