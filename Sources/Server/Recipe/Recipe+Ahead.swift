extension Recipe {
  /// What `thaw build` makes ahead of time, so that a JVM server starts fast even where it may not be thawed.
  package struct Ahead: Hashable, Sendable, Codable {
    /// The word of the server's command that names the class with its `main`.
    package var main: String
    /// Whether the Clojure namespaces are compiled that its start and warm-up load.
    package var clojure: Bool
    /// Whether its classes go into a class-data archive.
    package var archive: Bool

    /// Describes it.
    package init(main: String, clojure: Bool = false, archive: Bool = true) {
      self.main = main
      self.clojure = clojure
      self.archive = archive
    }

    /// The only `main` whose namespaces can be compiled: a Clojure program with another one was compiled by its makers.
    package static let clojureMain = "clojure.main"
  }
}
