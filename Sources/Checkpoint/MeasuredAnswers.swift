/// How long a thawed server took for its first answers, in milliseconds since the start of PID 1.
package struct MeasuredAnswers: Sendable, Codable, Hashable {
  /// Until the first one.
  package var first: Double
  /// Until all questions were answered.
  package var all: Double

  package init(first: Double, all: Double) {
    self.first = first
    self.all = all
  }
}
