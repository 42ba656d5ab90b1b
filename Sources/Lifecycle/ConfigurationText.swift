import Checkpoint
import Linux
import Server

/// What a configuration file says: neither its comments nor how it is laid out change what a server read of it.
enum ConfigurationText {
  /// A configuration is small.
  private static let limit = 1 << 20

  /// The digest of what a file in YAML, JSON or EDN says, known by the end of its name; nil if it is none of these, or has
  /// mistakes: then every byte of it counts.
  static func meaning(of path: Path) -> Digest? {
    guard let status = try? FileSystem.status(path), status.size <= limit,
      let kind = path.lastComponent.split(separator: ".").last?.lowercased(),
      ["yaml", "yml", "json", "edn"].contains(kind),
      let text = try? FileSystem.readFile(path)
    else { return nil }
    let meaning =
      kind == "edn"
      ? EDNText.meaning(text) : (try? Configuration(text, file: path))?.meaning
    return meaning.map { Digest(of: Array("\(kind):".utf8) + $0) }
  }
}
