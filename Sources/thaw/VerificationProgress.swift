import Checkpoint
import Linux
import Terminal

/// Shows that a checkpoint's files are read, if there is so much to read that the reader would
/// wonder.
final class VerificationProgress {
  private let output: Output
  private var phase: Phase?

  /// What is read in a tenth of a second.
  private static let worthTelling: Int64 = 128 << 20

  init(_ output: Output) {
    self.output = output
  }

  func take(_ reading: Reading) {
    guard reading.total >= Self.worthTelling else { return }
    let phase =
      phase
      ?? output.begin(
        "Verify the checkpoint, once on this host", .bytes(of: ByteCount(reading.total)))
    self.phase = phase
    phase.advance(to: Int(reading.done))
  }

  func finish() {
    phase?.finish()
    phase = nil
  }
}
