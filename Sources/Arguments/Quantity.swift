/// Numbers with units, as people type them.
enum Quantity {
  /// `500ms`, `30s`, `2m`, `1h`, `1m30s`, `1.5s`, `10`; nil for anything else, and for what does
  /// not fit.
  static func duration(_ text: String) -> Duration? {
    if let plain = decimal(Substring(text)) { return plain.seconds }
    var rest = Substring(text)
    var total = Duration.zero
    var smallest = Duration.seconds(Int64.max)
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCIIDigit || $0 == "." }
      rest = rest.dropFirst(number.count)
      let name = rest.prefix { !$0.isASCIIDigit && $0 != "." }
      rest = rest.dropFirst(name.count)
      // Units go from large to small, so that `30s1m` is taken for the typing error that it is.
      guard let value = decimal(number), let unit = unitsOfTime[String(name)], unit < smallest,
        let part = value.times(unit)
      else { return nil }
      smallest = unit
      total += part
    }
    return text.isEmpty ? nil : total
  }

  /// `1048576`, `512m`, `1.5GiB`, `144MB`; nil for anything else, and for what does not fit into 64
  /// bits.
  static func bytes(_ text: String) -> UInt64? {
    let number = text.prefix { $0.isASCIIDigit || $0 == "." }
    guard let value = decimal(number),
      let unit = unitsOfSize[text.dropFirst(number.count).lowercased()]
    else { return nil }
    let bytes = value.number * Double(unit)
    // Whole numbers are multiplied as such: a double has 53 bits only.
    if let whole = UInt64(number) {
      let (product, overflow) = whole.multipliedReportingOverflow(by: unit)
      return overflow ? nil : product
    }
    return bytes < 1.8e19 ? UInt64(bytes) : nil
  }

  private static let unitsOfTime: [String: Duration] = [
    "us": .microseconds(1), "µs": .microseconds(1), "ms": .milliseconds(1), "s": .seconds(1),
    "m": .seconds(60), "h": .seconds(3600), "d": .seconds(86400),
  ]

  private static let unitsOfSize: [String: UInt64] = [
    "": 1, "b": 1,
    "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40,
    "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
    "kb": 1000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
  ]

  /// A decimal number without sign or exponent.
  private struct Decimal {
    let number: Double

    var seconds: Duration? { times(.seconds(1)) }

    /// The product, or nil beyond about 285 years.
    func times(_ unit: Duration) -> Duration? {
      let (seconds, attoseconds) = unit.components
      let product = number * (Double(seconds) + Double(attoseconds) / 1e18)
      guard product < 9e9 else { return nil }
      return .microseconds(Int64((product * 1e6).rounded()))
    }
  }

  private static func decimal(_ text: Substring) -> Decimal? {
    guard text.contains(where: \.isASCIIDigit),
      text.allSatisfy({ $0.isASCIIDigit || $0 == "." }), let number = Double(text)
    else { return nil }
    return Decimal(number: number)
  }
}

extension Character {
  /// Whether it is one of 0 to 9.
  var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

extension FixedWidthInteger {
  /// A number of decimal digits only: no sign, no spaces.
  init?(digits text: some StringProtocol) {
    guard !text.isEmpty, text.allSatisfy(\.isASCIIDigit), let number = Self(String(text)) else {
      return nil
    }
    self = number
  }
}
