import FoundationEssentials

/// A value as one line of JSON.
package enum JSONLine {
  /// The line without its end: keys sorted, slashes as they are, so that equal values give equal
  /// lines.
  ///
  /// - Throws: `EncodingError` for a number that JSON has not, such as infinity.
  package static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
