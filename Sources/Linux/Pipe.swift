import CLinux

/// A pipe.
public struct Pipe: ~Copyable, Sendable {
  /// The end to read from.
  public var reader: Descriptor
  /// The end to write to.
  public var writer: Descriptor

  /// Makes a pipe, close-on-exec at both ends.
  public init() throws(Errno) {
    var ends: [CInt] = [0, 0]
    try checked(clinux_pipe(&ends))
    reader = Descriptor(owning: ends[0])
    writer = Descriptor(owning: ends[1])
  }

  /// Closes the writing end and returns the other.
  public consuming func intoReader() -> Descriptor { reader }

  /// Closes the reading end and returns the other.
  public consuming func intoWriter() -> Descriptor { writer }
}
