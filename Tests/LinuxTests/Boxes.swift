import Linux

extension Descriptor {
  /// A descriptor that an expectation can look at, which noncopyable values cannot be.
  final class Box {
    private let descriptor: Descriptor

    init?(_ descriptor: consuming Descriptor?) throws {
      guard let descriptor else { return nil }
      self.descriptor = descriptor
    }

    func with<Value>(_ body: (borrowing Descriptor) throws -> Value) rethrows -> Value {
      try body(descriptor)
    }
  }
}
