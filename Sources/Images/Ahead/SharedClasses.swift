import Linux

/// How many of a JVM's classes came from its class-data archives, by its log of `class+load`.
///
/// A JVM that does not like an archive goes on without it, as if nothing were wrong: hence counted.
struct SharedClasses {
  private(set) var shared = 0
  /// Those of them that are from the archive of the server's own classes, not the JDK's.
  private(set) var own = 0
  private(set) var all = 0

  /// Counts the lines of a log, such as `… java.lang.Object source: shared objects file`.
  init(_ log: String) {
    for line in log.split(separator: "\n") where line.contains("source: ") {
      all += 1
      guard line.contains("source: shared objects file") else { continue }
      shared += 1
      if line.contains("(top)") { own += 1 }
    }
  }
}
