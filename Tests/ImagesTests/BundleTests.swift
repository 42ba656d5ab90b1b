import Linux
import TestBed
import Testing

@testable import Images

struct ImageToolTests {
  @Test(arguments: [
    (#"time="2026" level=fatal msg="Error: \"x\" not\nfound" more="y""#, #"Error: "x" not found"#),
    ("plain words", "plain words"), (#"msg="cut off"#, "cut off"), ("msg=\"", ""), ("", ""),
  ])
  func `the message of a line is taken out`(line: String, message: String) {
    #expect(ImageTool.message(of: line) == message)
  }
}

struct BundleTests {
  @Test func `the bundle is where THAW_BUNDLE says, or it is told`() throws {
    try withTemporaryDirectory { folder in
      let error = #expect(throws: EngineError.self) {
        _ = try Bundle.locate(environment: ["THAW_BUNDLE": folder.string])
      }
      #expect(error?.code == .noBundle)
      #expect(error?.fix?.contains("Setup/bundle.sh") == true)
      try FileSystem.makeDirectory(folder / "tools")
      try FileSystem.writeFile(folder / "tools/runc", [], mode: 0o755)
      #expect(try Bundle.locate(environment: ["THAW_BUNDLE": folder.string]).path == folder)
    }
  }
}
