import Linux
import TestBed
import Testing

/// A `thaw` that runs in a bed, with its output in files.
final class Started {
  private let child: Child
  private let outputFile: Path
  private let errorFile: Path

  init(_ spawn: Spawn, in folder: Path, name: String) throws {
    let number = Host.randomName().prefix(8)
    outputFile = folder / "output-\(number)"
    errorFile = folder / "errors-\(number)"
    let output = try Descriptor.open(outputFile, .writeOnly, [.create, .append])
    let errors = try Descriptor.open(errorFile, .writeOnly, [.create, .append])
    var spawn = spawn
    spawn.descriptors = [1: output.rawValue, 2: errors.rawValue]
    child = try spawn.start()
  }

  deinit {
    // A test that failed may leave it.
    _ = try? child.killTree()
  }

  /// What it wrote so far.
  var text: String { (try? FileSystem.readText(outputFile)) ?? "" }
  var errorText: String { (try? FileSystem.readText(errorFile)) ?? "" }

  /// Waits until it has written something.
  func waitFor(
    _ words: String, within: Duration = .seconds(20),
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let found = eventually(within: within) {
      errorText.contains(words) || text.contains(words) || hasEnded
    }
    #expect(
      found && (errorText + text).contains(words), "\(text)\(errorText)",
      sourceLocation: sourceLocation)
  }

  var hasEnded: Bool { (try? child.poll()) ?? nil != nil }

  /// The program itself: `nsenter` is its parent.
  func pid() throws -> Int32 {
    try #require(eventually { Processes.children(of: child.pid).first })
  }

  /// All that it started and that has not lost its parent, as command lines.
  var tree: [[String]] {
    Processes.descendants(of: child.pid).map(Processes.arguments(of:))
  }

  func signal(_ signal: Signal) throws {
    guard !hasEnded else { return }
    let pid = try pid()
    do throws(Errno) {
      try Processes.signal(pid, signal)
    } catch {
      // It may just have ended by itself.
      guard error == .noSuchProcess else { throw error }
    }
  }

  /// How it ended, as a shell would say it.
  func wait(
    within: Duration = .seconds(30), sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Int32? {
    let status = try child.wait(deadline: .after(within))
    #expect(status != nil, "it still runs: \(text)\(errorText)", sourceLocation: sourceLocation)
    return status?.shellCode
  }

  /// Waits that long or until it has ended.
  func runFor(_ time: Duration) throws {
    _ = try child.wait(deadline: .after(time))
  }
}
