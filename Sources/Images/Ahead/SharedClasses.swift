import Linux

/// How many of a JVM's classes came from its class-data archive, by its log of `class+load`.
///
/// A JVM that does not like an archive goes on without it, as if nothing were wrong: hence counted.
struct SharedClasses {
  private(set) var shared = 0
  private(set) var all = 0

  /// Counts the lines of a log, such as `… java.lang.Object source: shared objects file`.
  init(_ log: String) {
    for line in log.split(separator: "\n") where line.contains("source: ") {
      all += 1
      if line.contains("source: shared objects file") { shared += 1 }
    }
  }

  /// Whether the archive is as good as one can be: what is not from it are classes that are made while the server runs.
  var isMost: Bool { shared * 10 > all * 8 }
}
