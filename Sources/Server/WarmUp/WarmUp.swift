/// What exercises a server before it is frozen: steps in order, and how long all of them may take.
package struct WarmUp: Hashable, Sendable, Codable {
  /// For how long at most; nil: no limit but those of the steps.
  package var within: TimeSpan?
  /// For how long at least: until then all steps are done again; nil: once.
  package var lasting: TimeSpan?
  /// The steps.
  package var steps: [Step]
  /// What is asked, if not the server itself.
  package var on: Place?

  /// What else than the server may be warmed up.
  package enum Place: String, Hashable, Sendable, Codable, CaseIterable {
    /// The exercise of a warm start, in the server's own process and before its `main`: nothing gets into the server's data.
    case exercise
  }

  /// Makes a warm-up; without steps there is nothing to do.
  package init(within: TimeSpan? = nil, lasting: TimeSpan? = nil, steps: [Step] = []) {
    self.within = within
    self.lasting = lasting
    self.steps = steps
  }
}
