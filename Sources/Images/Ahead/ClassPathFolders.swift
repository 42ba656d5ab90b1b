import Linux

/// A class path whose folders of jars are spelled out.
///
/// The JVM takes `lib/*` in the order in which the file system gives it; a class-data archive is of use only where that order is
/// what it was.
enum ClassPathFolders {
  /// The parts of a class path with each `folder/*` replaced by its jars, by name; one without any stays as it is.
  static func expand(
    _ parts: [String], root: Path, _ placed: PlacedFiles = PlacedFiles(), workingDirectory: Path
  ) -> [String] {
    parts.flatMap { part -> [String] in
      guard part == "*" || part.hasSuffix("/*") else { return [part] }
      let prefix = String(part.dropLast())
      let folder = prefix.hasPrefix("/") ? Path(prefix) : workingDirectory / prefix
      // One that cannot be read here is left to the JVM.
      let there = (try? FileSystem.list(root / folder.string)) ?? []
      let added = placed.entries.filter { $0.place.parent == folder }.map(\.place.lastComponent)
      let names = Set(there + added)
      let jars = names.filter { $0.hasSuffix(".jar") || $0.hasSuffix(".JAR") }.sorted()
      return jars.isEmpty ? [part] : jars.map { prefix + $0 }
    }
  }
}
