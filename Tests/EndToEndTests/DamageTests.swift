import Linux
import TestBed
import Testing

/// Checkpoints whose files are not what they were: a cold start with its reason; `restore` refuses.
@Suite(.engine, .serialized, .timeLimit(.minutes(5)))
struct DamageTests {
  /// What is done to a checkpoint's folder.
  enum Damage: String, CaseIterable, CustomTestStringConvertible {
    case shortPages, longPages, noPages, noProcessTree, noCore
    case garbledTree, foreignFiles, emptyInventory, noImages, noFiles

    var testDescription: String { rawValue }

    var reason: String {
      switch self {
      case .shortPages, .longPages, .emptyInventory: "bytes, had"
      case .noPages, .noProcessTree, .noCore, .noImages, .noFiles: "is missing"
      case .garbledTree, .foreignFiles: "another content"
      }
    }

    func apply(to folder: Path) throws {
      let images = folder / "images"
      switch self {
      case .shortPages: try change(images / "pages-1.img") { Array($0.prefix($0.count / 2)) }
      case .longPages: try change(images / "pages-1.img") { $0 + [0] }
      case .noPages: try FileSystem.remove(images / "pages-1.img")
      case .noProcessTree: try FileSystem.remove(images / "pstree.img")
      case .noCore:
        for name in try FileSystem.list(images) where name.hasPrefix("core-") {
          try FileSystem.remove(images / name)
        }
      case .garbledTree: try change(images / "pstree.img") { $0.map { $0 ^ 0x55 } }
      case .foreignFiles:
        // The same length, another file: as it would be in the images of another server.
        try change(images / "files.img") { bytes in
          var bytes = bytes
          if let last = bytes.lastIndex(of: UInt8(ascii: "p")) { bytes[last] = UInt8(ascii: "q") }
          return bytes
        }
      case .emptyInventory: try change(images / "inventory.img") { _ in [] }
      case .noImages: try FileSystem.removeTree(images)
      case .noFiles: try FileSystem.removeTree(folder / "files")
      }
    }

    private func change(_ path: Path, _ body: ([UInt8]) -> [UInt8]) throws {
      let before = try FileSystem.readFile(path)
      let after = body(before)
      #expect(before != after)
      try FileSystem.writeFile(path, after)
    }
  }

  @Test(arguments: Damage.allCases)
  func `a damaged checkpoint means a cold start, and restore refuses`(damage: Damage) throws {
    let bed = try Bed()
    try bed.freeze(server: ["data=\(bed.folder / "data")"])
    try damage.apply(to: try bed.checkpoint())
    let run = try bed.thaw("run", "-d", "--rm", "--name", "one", "web")
    #expect(
      run.isSuccess && run.text.contains("cold (") && run.text.contains(damage.reason),
      "\(run.text)\(run.errorText)")
    #expect(try bed.get("/memory") == "2")
    #expect(try bed.thaw("stop", "one").isSuccess)
    let restore = try bed.thaw("restore", "--rm", "web")
    #expect(restore.status == .exited(6), "\(restore.status) \(restore.errorText)")
    #expect(restore.errorText.contains(damage.reason), "\(restore.errorText)")
    try bed.expectNothingIsLeft(checkpoints: 1)
    #expect(try bed.thaw("rm", "web").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 0)
  }

  @Test(arguments: ["manifest.json", "recipe.json"], ["", "{", "[1, 2]", "\u{0}\u{1}"])
  func `a damaged manifest or recipe is told, and can be removed`(file: String, text: String) throws
  {
    let bed = try Bed()
    try bed.freeze()
    try FileSystem.writeFile(try bed.checkpoint() / file, Array(text.utf8))
    let run = try bed.thaw("run", "--rm", "web")
    #expect(run.status == .exited(1), "\(run.status) \(run.errorText)")
    #expect(run.errorText.contains(file) && run.errorText.contains("freeze"), "\(run.errorText)")
    #expect(try bed.thaw("ls").isSuccess)
    #expect(try bed.thaw("rm", "web").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 0)
  }

  @Test(arguments: [0, 100, 912])
  func `what CRIU knew about the kernel may be damaged`(length: Int) throws {
    let bed = try Bed()
    try bed.freeze()
    let file = try bed.checkpoint() / "criu.kdat"
    #expect(FileSystem.exists(file))
    try FileSystem.writeFile(file, [UInt8](repeating: 0xA5, count: length))
    let run = try bed.thaw("run", "-d", "--rm", "--name", "one", "web")
    #expect(run.isSuccess && run.text.contains("hot"), "\(run.text)\(run.errorText)")
    #expect(try bed.thaw("stop", "one").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }

  @Test func `a program that was replaced since means a cold start`() throws {
    let bed = try Bed()
    let program = bed.folder / "own-perl"
    let perl = try FileSystem.readFile(try FileSystem.resolve("/usr/bin/perl"))
    try FileSystem.writeFile(program, perl, mode: 0o755)
    let freeze = try bed.thaw(
      "freeze", "--name", "web", "--ready", "http://127.0.0.1:8080/", "--", program.string,
      bed.server.string)
    #expect(freeze.isSuccess, "\(freeze.errorText)")
    try FileSystem.remove(program)
    try FileSystem.writeFile(program, perl + [0], mode: 0o755)
    let run = try bed.thaw("run", "-d", "--rm", "--name", "one", "web")
    #expect(
      run.isSuccess && run.text.contains("cold (files: ") && run.text.contains("own-perl"),
      "\(run.text)\(run.errorText)")
    #expect(try bed.thaw("stop", "one").isSuccess)
    try bed.expectNothingIsLeft(checkpoints: 1)
  }
}
