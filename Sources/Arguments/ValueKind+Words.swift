extension ValueKind where Value == String {
  /// Any text, an empty one too.
  package static func text(_ placeholder: String = "TEXT") -> ValueKind {
    ValueKind(placeholder, expecting: "a text") { $0 }
  }

  /// The path of a file; that it exists is not checked here.
  package static var file: ValueKind { path("FILE", expecting: "the path of a file", .file) }

  /// The path of a folder; that it exists is not checked here.
  package static var directory: ValueKind {
    path("DIR", expecting: "the path of a folder", .directory)
  }

  /// A program to start: a name to be found in `PATH`, or a path.
  package static var program: ValueKind {
    path("COMMAND", expecting: "a program", .program)
  }

  /// The name or digest of a checkpoint; a shell offers what `thaw ls --quiet` prints.
  package static var checkpoint: ValueKind {
    path("CHECKPOINT", expecting: "the name of a checkpoint", .names(["ls", "--quiet"]))
  }

  /// The name or id of a running server; a shell offers what `thaw ps --quiet` prints.
  package static var container: ValueKind {
    path("SERVER", expecting: "the name of a server", .names(["ps", "--quiet"]))
  }

  /// One of these words.
  package static func choice(_ placeholder: String, _ words: [String]) -> ValueKind {
    ValueKind(placeholder, expecting: oneOf(words), hint: .choices(words)) {
      words.contains($0) ? $0 : nil
    }
  }

  private static func path(
    _ placeholder: String, expecting expectation: String, _ hint: CompletionHint
  ) -> ValueKind {
    ValueKind(placeholder, expecting: expectation, hint: hint) { $0.isEmpty ? nil : $0 }
  }
}

extension ValueKind
where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One case of an enumeration, by its raw value.
  package static func choice(_ placeholder: String, of type: Value.Type) -> ValueKind {
    let words = type.allCases.map(\.rawValue)
    return ValueKind(
      placeholder, expecting: oneOf(words), hint: .choices(words), format: \.rawValue,
      parse: { Value(rawValue: $0) })
  }
}

/// `one of hot, warm, cold`.
private func oneOf(_ words: [String]) -> String {
  words.count == 1 ? "'\(words[0])'" : "one of " + words.joined(separator: ", ")
}
