import Testing

@testable import Arguments

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("", "", 0), ("abc", "abc", 0), ("abc", "", 3), ("abc", "acb", 1), ("kitten", "sitting", 3),
    ("ca", "abc", 3), ("run", "rnu", 1),
  ])
  func `distances count letters to add, drop, change and swap`(
    one: String, other: String, distance: Int
  ) {
    #expect(Suggestion.distance(one, other) == distance)
    #expect(Suggestion.distance(other, one) == distance)
  }

  @Test(arguments: [
    ("--publsh", "--publish"), ("publish", "--publish"), ("--PUBLISH", "--publish"),
    ("--pub", "--publish"), ("--xyz", nil), ("", nil), ("--", nil), ("--de", "--detach"),
  ])
  func `the nearest word is suggested, if it is near`(word: String, best: String?) {
    #expect(Suggestion.best(for: word, among: ["--publish", "--detach", "--name"]) == best)
  }
}
