import Testing

@testable import Lifecycle

/// The words behind the entry point of an image.
@Suite struct ImageStartTests {
  @Test(
    arguments: [
      ([], .start, []),
      (["--restore-only"], .restoreOnly, []),
      (["--restore-only", "-f", "custom.yaml"], .restoreOnly, ["-f", "custom.yaml"]),
      (["--create-checkpoint"], .createCheckpoint, []),
      (["-f", "custom.yaml"], .start, ["-f", "custom.yaml"]),
      (["playground", "--restore-only"], .start, ["playground", "--restore-only"]),
    ] as [([String], ImageStart.Request.Mode, [String])])
  func `words in front are Thaw's, the rest is the server's`(
    words: [String], mode: ImageStart.Request.Mode, arguments: [String]
  ) {
    let request = ImageStart.Request(words)
    #expect(request.mode == mode)
    #expect(request.arguments == arguments)
  }
}
