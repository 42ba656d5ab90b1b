/// Lengths of time as numbers, for JSON, for clocks that count in seconds, and for figures.
extension Duration {
  /// Milliseconds, with fractions down to a microsecond.
  public var milliseconds: Double {
    Double(components.seconds) * 1000 + Double(components.attoseconds / 1_000_000_000_000) / 1000
  }

  /// Seconds, with fractions down to a microsecond.
  public var seconds: Double { milliseconds / 1000 }
}
