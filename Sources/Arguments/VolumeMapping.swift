/// A folder or volume to be seen inside, as docker writes it: `data:/var/lib/data`,
/// `./conf:/etc/conf:ro`.
package struct VolumeMapping: Hashable, Sendable, CustomStringConvertible {
  /// A path when it holds a `/`, else the name of a volume.
  package var source: String
  /// The absolute path inside.
  package var target: String
  /// Whether it may only be read.
  package var isReadOnly: Bool

  /// A mapping from its parts.
  package init(source: String, target: String, isReadOnly: Bool = false) {
    self.source = source
    self.target = target
    self.isReadOnly = isReadOnly
  }

  /// Reads `SOURCE:TARGET[:ro|:rw]`; nil when it is not such a text.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count), !parts[0].isEmpty, parts[1].first == "/" else {
      return nil
    }
    if parts.count == 3, parts[2] != "ro", parts[2] != "rw" { return nil }
    self.init(source: parts[0], target: parts[1], isReadOnly: parts.last == "ro")
  }

  /// Whether the source is the name of a volume, not a path.
  package var isNamed: Bool { !source.contains("/") }

  /// The text form that reads back as the same mapping.
  package var description: String { "\(source):\(target)" + (isReadOnly ? ":ro" : "") }
}

extension ValueKind where Value == VolumeMapping {
  /// A folder or named volume: `data:/var/lib/data`, `./conf:/etc/conf:ro`.
  package static var volumeMapping: ValueKind {
    ValueKind(
      "SOURCE:TARGET[:ro]", expecting: "a volume such as data:/var/lib/data or ./conf:/etc/conf:ro",
      hint: .file, parse: VolumeMapping.init)
  }
}
