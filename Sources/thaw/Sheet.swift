import Terminal

/// Facts for people, in groups: a heading, then a name and a value a line.
struct Sheet {
  /// Facts under one heading.
  struct Group {
    let heading: String
    private(set) var facts: [(name: String, value: String)] = []
    /// Lines that belong to no name, such as a table's.
    private(set) var lines: [String] = []

    init(_ heading: String) { self.heading = heading }

    /// Adds a fact; one without a value is left out.
    mutating func add(_ name: String, _ value: String?) {
      guard let value, !value.isEmpty else { return }
      facts.append((name, value))
    }

    /// Adds a fact with a list of values, one a line.
    mutating func add(_ name: String, _ values: [String]) {
      for (index, value) in values.enumerated() { facts.append((index == 0 ? name : "", value)) }
    }

    /// Adds a line below the facts.
    mutating func add(line: String) { lines.append(line) }
  }

  private(set) var groups: [Group] = []

  /// Adds a group; one without facts and lines is left out.
  mutating func add(_ heading: String, _ fill: (inout Group) -> Void) {
    var group = Group(heading)
    fill(&group)
    if !group.facts.isEmpty || !group.lines.isEmpty { groups.append(group) }
  }

  /// Its lines for a surface: names are padded to one width in all groups.
  func lines(on surface: Surface) -> [String] {
    let width = groups.flatMap(\.facts).map { TextWidth.columns(of: $0.name) }.max() ?? 0
    var lines: [String] = []
    for group in groups {
      if !lines.isEmpty { lines.append("") }
      lines.append(surface.styled(TextWidth.safe(group.heading), .bold))
      for (name, value) in group.facts {
        lines.append(
          "  " + TextWidth.padded(TextWidth.safe(name), to: width) + "  " + TextWidth.safe(value))
      }
      lines += group.lines.map { "  " + TextWidth.safe($0) }
    }
    return lines
  }
}
