extension ValueKind where Value == Int {
  /// A whole number in a range.
  package static func number(
    _ placeholder: String = "NUMBER", in range: ClosedRange<Int> = 0...Int.max
  ) -> ValueKind {
    let expectation =
      range.upperBound == .max
      ? "a whole number of at least \(range.lowerBound)"
      : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return ValueKind(placeholder, expecting: expectation) { text in
      guard let number = Int(text), range.contains(number) else { return nil }
      return number
    }
  }
}

extension ValueKind where Value == UInt16 {
  /// A TCP or UDP port, 1 to 65535.
  package static var port: ValueKind {
    ValueKind("PORT", expecting: "a port from 1 to 65535") { text in
      guard let port = UInt16(digits: text), port > 0 else { return nil }
      return port
    }
  }
}

extension ValueKind where Value == Duration {
  /// A length of time: `500ms`, `30s`, `2m`, `1h`, `1m30s`, `1.5s`; a number alone means seconds,
  /// as with docker.
  package static var duration: ValueKind {
    ValueKind(
      "DURATION", expecting: "a duration such as 500ms, 30s or 2m", format: written(duration:),
      parse: Quantity.duration)
  }
}

extension ValueKind where Value == UInt64 {
  /// A number of bytes: `1048576`, `512m`, `1.5GiB`, `144MB`.
  ///
  /// A letter alone counts in powers of 1024, as with docker; `kB`, `MB`, `GB`, `TB` count in
  /// powers of 1000.
  package static var byteCount: ValueKind {
    ValueKind(
      "SIZE", expecting: "a size such as 512m or 2GiB", format: written(bytes:),
      parse: Quantity.bytes)
  }
}

/// A duration as one would type it: `90s`, `1500ms`.
private func written(duration: Duration) -> String {
  let (seconds, attoseconds) = duration.components
  if attoseconds == 0 { return "\(seconds)s" }
  return "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)ms"
}

/// A size as one would type it: `512m`, `1g`, `1000`.
private func written(bytes: UInt64) -> String {
  for (letter, shift) in [("t", 40), ("g", 30), ("m", 20), ("k", 10)] as [(String, UInt64)]
  where bytes > 0 && bytes % (1 << shift) == 0 {
    return "\(bytes >> shift)\(letter)"
  }
  return "\(bytes)"
}
