/// What a program left that was run to its end.
public struct Finished: Hashable, Sendable {
  /// How it ended; killed by SIGKILL if the deadline passed.
  public let status: ExitStatus
  /// What it wrote to descriptor 1, up to the limit.
  public let output: [UInt8]
  /// What it wrote to descriptor 2, up to the limit.
  public let errors: [UInt8]
  /// Whether it was killed because the deadline passed.
  public let timedOut: Bool
  /// Whether output or errors were longer than the limit; the rest was read and dropped.
  public let isTruncated: Bool

  /// Its output as text.
  public var text: String { String(decoding: output, as: UTF8.self) }

  /// Its errors as text.
  public var errorText: String { String(decoding: errors, as: UTF8.self) }

  /// Whether it ended in time with 0.
  public var isSuccess: Bool { !timedOut && status.isSuccess }
}
