/// The keys of one mapping while they are read: tells missing, unknown and repeated ones.
struct Fields {
  /// The mapping.
  let node: YAMLNode
  private let findings: Findings
  private let entries: [(name: String, key: YAMLNode, value: YAMLNode)]
  /// Where in `entries` a name is.
  private let places: [String: Int]
  private var known: [String] = []

  /// Starts to read a mapping; nil, and a finding, when `node` is none.
  init?(_ node: YAMLNode, expected what: String, _ findings: Findings) {
    guard findings.isOurs(node, what) else { return nil }
    guard let mapping = node.mapping else {
      findings.expected(what, at: node)
      return nil
    }
    var entries: [(name: String, key: YAMLNode, value: YAMLNode)] = []
    var places: [String: Int] = [:]
    for entry in mapping {
      guard let name = entry.key.scalar else {
        findings.expected("a key", at: entry.key)
        continue
      }
      if let first = places[name] {
        let told = Told.plain(name, limit: 60)
        let line = entries[first].key.mark.line
        findings.add("the key `\(told)` is there already, in line \(line)", at: entry.key.mark)
      } else {
        places[name] = entries.count
        entries.append((name, entry.key, entry.value))
      }
    }
    self.node = node
    self.findings = findings
    self.entries = entries
    self.places = places
  }

  /// The value of a key that may be left out.
  mutating func optional<T>(_ name: String, _ read: (YAMLNode) -> T?) -> T? {
    known.append(name)
    return places[name].flatMap { read(entries[$0].value) }
  }

  /// The value of a key that must be there; nil, and a finding, when it is not.
  mutating func required<T>(_ name: String, _ read: (YAMLNode) -> T?) -> T? {
    if !has(name) { findings.add("the key `\(name)` is missing here", at: node.mark) }
    return optional(name, read)
  }

  /// Whether a key is there.
  func has(_ name: String) -> Bool {
    places[name] != nil
  }

  /// The place of a key, for findings about it.
  func mark(of name: String) -> YAMLNode.Mark {
    places[name].map { entries[$0].key.mark } ?? node.mark
  }

  /// Tells the keys that nobody asked for; to be called last.
  func finish() {
    let unknown = entries.filter { !known.contains($0.name) }
    for (index, entry) in unknown.enumerated() {
      let told = Told.plain(entry.name, limit: 60)
      // What is not told in full needs no hint.
      let near = index < Findings.limit ? Told.nearest(to: entry.name, among: known) : nil
      let hint =
        near.map { "did you mean `\($0)`?" } ?? "known here: \(known.joined(separator: ", "))"
      findings.add("unknown key `\(told)`, \(hint)", at: entry.key.mark)
    }
  }
}
