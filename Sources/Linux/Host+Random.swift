extension Host {
  /// Twelve hexadecimal digits that nobody has had before: for folders and containers.
  public static func randomName() -> String {
    var generator = SystemRandomNumberGenerator()
    let digits = Array("0123456789abcdef")
    return String((0..<12).map { _ in digits[Int(generator.next(upperBound: UInt64(16)))] })
  }
}
