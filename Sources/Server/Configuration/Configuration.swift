package import Linux

/// A server's own configuration in YAML, read to find its ports and paths.
///
/// Keys are looked up by paths such as `server.port` or `nodes[0].host`; tags such as `!Local` are
/// kept, and `!Env NAME` stands for a variable of the environment, as in XTDB's configuration.
package struct Configuration: Hashable, Sendable {
  /// The document; an empty file is an empty mapping.
  package let root: YAMLNode
  /// The file's name for messages.
  package let file: Path
  /// What `!Env` is looked up in.
  package let environment: [String: String]

  /// Reads a configuration from text.
  ///
  /// - Throws: `RecipeError` when it is no YAML.
  package init(
    _ text: [UInt8], file: Path, environment: [String: String] = [:]
  ) throws(RecipeError) {
    do throws(YAMLParser.Failure) {
      let empty = YAMLNode(.mapping([]), mark: YAMLNode.Mark(line: 1, column: 1))
      root = try YAMLParser.parse(text) ?? empty
    } catch {
      throw RecipeError([
        RecipeError.Problem(file: file.string, mark: error.mark, message: error.message)
      ])
    }
    self.file = file
    self.environment = environment
  }

  /// Reads a configuration from a file, which messages call by another name if one is given.
  ///
  /// - Throws: `RecipeError` when the file cannot be read or is no YAML.
  package static func load(
    _ path: Path, as name: Path? = nil, environment: [String: String] = [:]
  ) throws(RecipeError) -> Configuration {
    do throws(RecipeError) {
      let text = try Recipe.contents(of: path, limit: YAMLParser.Limits().bytes)
      return try Configuration(text, file: name ?? path, environment: environment)
    } catch {
      guard let name else { throw error }
      throw error.called(name.string)
    }
  }
}

extension Configuration {
  /// The node at a path of keys, divided by dots, and places in lists, in brackets; nil when there
  /// is none.
  ///
  /// Keys of a mapping that is merged in with `<<` are found as well.
  package subscript(path path: String) -> YAMLNode? {
    var node = root
    for part in path.split(separator: ".", omittingEmptySubsequences: false) {
      guard !part.isEmpty else { return nil }
      let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
      if let key = pieces.first, !key.isEmpty {
        guard let found = Self.value(of: String(key), in: node, depth: 0) else { return nil }
        node = found
      }
      for piece in pieces.dropFirst() {
        guard piece.hasSuffix("]"), let index = Int(piece.dropLast()),
          let items = node.sequence, items.indices.contains(index)
        else { return nil }
        node = items[index]
      }
    }
    return node
  }

  private static func value(of key: String, in node: YAMLNode, depth: Int) -> YAMLNode? {
    if let found = node[key: key] { return found }
    guard depth < 8, let merged = node[key: "<<"] else { return nil }
    let sources = merged.sequence ?? [merged]
    return sources.lazy.compactMap { value(of: key, in: $0, depth: depth + 1) }.first
  }

  /// The text of a scalar, or of the variable that `!Env` names; nil for null, lists, mappings, and
  /// for variables that are not set.
  package func text(_ path: String) -> String? {
    guard let node = self[path: path], let text = node.scalar, !node.isNull else { return nil }
    return node.tag == "Env" ? environment[text] : text
  }

  /// A whole number.
  package func integer(_ path: String) -> Int? {
    text(path).flatMap { Int($0) }
  }

  /// A port, from 1 to 65535.
  package func port(_ path: String) -> UInt16? {
    text(path).flatMap { UInt16($0) }.flatMap { $0 == 0 ? nil : $0 }
  }

  /// `true` or `false`.
  package func boolean(_ path: String) -> Bool? {
    switch text(path)?.lowercased() {
    case "true": true
    case "false": false
    default: nil
    }
  }

  /// The tag of a node, such as `Local` for `log: !Local`.
  package func tag(_ path: String) -> String? {
    self[path: path]?.tag
  }
}
