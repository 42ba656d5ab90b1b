import CRIU
import Checkpoint
import Linux
import TestBed
import Testing

@testable import Images

/// An image that gets a layer and settings, as skopeo and umoci see it.
@Suite(.enabled(if: Needs.containers, "\(Needs.containersText)"), .timeLimit(.minutes(2)))
struct ImageDraftTests {
  @Test func `skopeo reads the image that was made`() throws {
    try withTemporaryDirectory { folder in
      let bundle = try Bundle.locate()
      let layout = folder / "layout"
      for arguments in [
        ["init", "--layout", layout.string], ["new", "--image", "\(layout):image"],
      ] {
        let said = try ImageTool(program: bundle.umoci, deadline: .after(.seconds(20)))
          .run(arguments)
        #expect(said.status.isSuccess, "\(said.reason)")
      }
      var layer = try LayerArchive(at: folder / "layer", level: 3)
      try layer.add(
        file: "hello", Array("hello".utf8), .init(mode: 0o644, modified: Timestamp(seconds: 0)))
      let made = try layer.finish()
      var image = try ImageDraft(layout: layout)
      image["Entrypoint"] = .array([.string("/hello")])
      image["Healthcheck"] = .object([.init("Test", .array([.string("CMD"), .string("/hello")]))])
      image.merge("Labels", [("one", .string("1"))])
      image.annotate([("two", "2")])
      try image.add(
        made, at: folder / "layer", madeBy: "a test", created: "2026-01-01T00:00:00Z")
      let digest = try image.finish(created: "2026-01-01T00:00:00Z")
      let skopeo = ImageTool(program: bundle.skopeo, deadline: .after(.seconds(20)))
      let raw = try skopeo.run(["inspect", "--raw", "oci:\(layout):image"])
      #expect(Digest(of: raw.output) == digest)
      let config = try skopeo.run(["inspect", "--config", "--raw", "oci:\(layout):image"])
      let text = String(decoding: config.output, as: UTF8.self)
      for part in [#""Entrypoint": ["/hello"]"#, #""Test": ["CMD", "/hello"]"#, #""one": "1""#] {
        #expect(text.contains(part))
      }
      #expect(text.contains("\(made.content)"))
      let copied = try skopeo.run(
        ["--insecure-policy", "copy", "oci:\(layout):image", "oci-archive:\(folder)/copy.tar"])
      #expect(copied.status.isSuccess, "\(copied.reason)")
    }
  }

  @Test(arguments: ["nowhere", "oci", "registry.example/name:1"])
  func `a place that is none is refused with those that are`(text: String) {
    do {
      _ = try ImageDestination(text)
      Issue.record("\(text) was taken")
    } catch {
      #expect(error.description.contains("oci-archive:FILE"))
    }
  }
}
