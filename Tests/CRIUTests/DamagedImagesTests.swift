import CRIU
import Linux
import TestBed
import Testing

/// What a real CRIU says to images that are not what they were.
@Suite(
  .serialized, .timeLimit(.minutes(1)),
  .enabled(if: Bed.isReady, "needs root, CAP_SYS_ADMIN and the CRIU bundle (make)"))
struct DamagedImagesTests {
  /// What is done to which file, and what comes of it.
  struct Case: Sendable, CustomTestStringConvertible {
    enum Change: Sendable {
      case remove
      case cut(keeping: Int)
      case replace(with: String)
      case take(from: String)
    }
    var file: String
    var change: Change
    var code: CRIUError.Code
    var words: String

    var testDescription: String { "\(file): \(change)" }
  }

  @Test(arguments: [
    Case(file: "inventory.img", change: .remove, code: .missingImage, words: "inventory"),
    Case(file: "pstree.img", change: .remove, code: .missingImage, words: "pstree"),
    Case(file: "core-%.img", change: .remove, code: .missingImage, words: "core-"),
    Case(file: "mm-%.img", change: .remove, code: .missingImage, words: "mm-"),
    Case(file: "files.img", change: .remove, code: .missingImage, words: ""),
    Case(file: "pages-1.img", change: .remove, code: .missingImage, words: "pages-1"),
    Case(file: "inventory.img", change: .cut(keeping: 6), code: .damagedImage, words: ""),
    Case(file: "pstree.img", change: .cut(keeping: 10), code: .damagedImage, words: ""),
    Case(file: "core-%.img", change: .cut(keeping: 100), code: .damagedImage, words: ""),
    Case(file: "mm-%.img", change: .cut(keeping: 300), code: .damagedImage, words: ""),
    Case(file: "pagemap-%.img", change: .cut(keeping: 17), code: .damagedImage, words: ""),
    Case(file: "pages-1.img", change: .cut(keeping: 4096), code: .damagedImage, words: ""),
    Case(file: "core-%.img", change: .take(from: "mm-%.img"), code: .damagedImage, words: "agic"),
    Case(
      file: "pstree.img", change: .replace(with: "no image at all"), code: .damagedImage,
      words: "agic"),
    Case(
      file: "inventory.img", change: .replace(with: "no image at all"), code: .damagedImage,
      words: "agic"),
    Case(
      file: "files.img", change: .replace(with: "\u{7f}ELF and more"), code: .damagedImage,
      words: "agic"),
  ])
  func `a damaged dump is refused with the reason, and nothing is left`(_ test: Case) async throws {
    try await Bed.withMountsAndFolder { folder in
      let images = folder / "images"
      let pid = try Bed.dumpSleeper(into: images)
      let name = { (text: String) in
        images
          / text.split(separator: "%", omittingEmptySubsequences: false)
          .joined(separator: "\(pid)")
      }
      let file = name(test.file)
      switch test.change {
      case .remove: try FileSystem.remove(file)
      case .cut(let count):
        let bytes = try FileSystem.readFile(file)
        #expect(bytes.count > count)
        try FileSystem.writeFile(file, Array(bytes.prefix(count)), mode: 0o600, durable: false)
      case .replace(let text):
        try FileSystem.writeFile(file, Array(text.utf8), mode: 0o600, durable: false)
      case .take(let other):
        try FileSystem.writeFile(
          file, try FileSystem.readFile(name(other)), mode: 0o600, durable: false)
      }
      // CRIU waits for ever on some of these.
      let error = #expect(throws: CRIUError.self) {
        try Bed.restore(images, deadline: .after(.seconds(5))).killTree()
      }
      #expect(error?.code == test.code, "\(error.map { "\($0)" } ?? "")")
      #expect(error?.cause?.contains(test.words) == true, "\(error?.cause ?? "")")
      #expect(error?.log.isEmpty == false)
      #expect(ProcessEntry(pid: pid) == nil)
    }
  }

  @Test func `a folder that is not there is told before CRIU is started`() async throws {
    let error = try await Bed.withMountsAndFolder { folder in
      #expect(throws: CRIUError.self) { try Bed.restore(folder / "none").killTree() }
    }
    #expect(error?.code == .missingImage)
    #expect(error?.cause?.contains("/none: No such file or directory") == true)
  }

  @Test func `an empty folder is told`() async throws {
    let error = try await Bed.withMountsAndFolder { folder in
      #expect(throws: CRIUError.self) { try Bed.restore(folder).killTree() }
    }
    #expect(error?.code == .missingImage)
  }

  @Test(arguments: [true, false])
  func `a file of another size, or one that is gone, is told by its name`(isGone: Bool) async throws
  {
    try await Bed.withMountsAndFolder { folder in
      let log = folder / "server.log"
      try FileSystem.writeFile(log, Array("a line".utf8), mode: 0o644, durable: false)
      var spawn = Spawn("sleep", ["1000"])
      spawn.newSession = true
      spawn.workingDirectory = .root
      let file = try Descriptor.open(log, .readOnly)
      spawn.descriptors = [0: file.rawValue]
      let sleeper = try spawn.start()
      let images = folder / "images"
      try FileSystem.makeDirectory(images)
      try Bed.client.dump(Bed.options(images, pid: sleeper.pid), deadline: Bed.deadline)
      _ = try sleeper.wait(deadline: Bed.deadline)
      if isGone {
        try FileSystem.remove(log)
      } else {
        try FileSystem.writeFile(log, Array("another line".utf8), mode: 0o644, durable: false)
      }
      let error = #expect(throws: CRIUError.self) { try Bed.restore(images).killTree() }
      #expect(error?.code == (isGone ? .missingImage : .damagedImage))
      #expect(error?.cause?.contains("server.log") == true, "\(error?.cause ?? "")")
      withExtendedLifetime(file) {}
    }
  }
}
