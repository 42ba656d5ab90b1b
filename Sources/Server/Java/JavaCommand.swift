/// A command that starts a JVM, in its parts: `java OPTION… -cp A:B shop.Main WORD…`.
package struct JavaCommand: Hashable, Sendable {
  /// The JVM's program.
  package var program: String
  /// The JVM's options, but for the two below.
  package var options: [String]
  /// The class-data archive of `-XX:SharedArchiveFile`.
  package var archive: String?
  /// The parts of the class path.
  package var classPath: [String]
  /// The class with the `main`.
  package var main: String
  /// What that gets.
  package var arguments: [String]

  private static let archiveOption = "-XX:SharedArchiveFile="
  private static let longOption = "--class-path="

  /// Takes a command apart; nil if `main` is no word of it behind a class path.
  package init?(_ words: [String], main: String) {
    guard let program = words.first, let place = words.dropFirst().firstIndex(of: main) else {
      return nil
    }
    self.program = program
    self.main = main
    arguments = Array(words[(place + 1)...])
    options = []
    var classPath: String?
    var rest = words[1..<place]
    while let word = rest.popFirst() {
      if ["-cp", "-classpath", "--class-path"].contains(word) {
        guard let path = rest.popFirst() else { return nil }
        // The last one holds.
        classPath = path
      } else if word.hasPrefix(Self.longOption) {
        classPath = String(word.dropFirst(Self.longOption.count))
      } else if word.hasPrefix(Self.archiveOption) {
        archive = String(word.dropFirst(Self.archiveOption.count))
      } else {
        options.append(word)
      }
    }
    guard let classPath else { return nil }
    self.classPath = classPath.split(separator: ":", omittingEmptySubsequences: false)
      .map(String.init)
  }

  /// The command as it is started.
  package var words: [String] {
    [program] + options + (archive.map { [Self.archiveOption + $0] } ?? [])
      + ["-cp", classPath.joined(separator: ":"), main] + arguments
  }
}
