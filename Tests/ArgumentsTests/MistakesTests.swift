import Arguments
import Testing

@Suite struct MistakesTests {
  @Test func `sound tables have none`() {
    #expect(Sample.program.mistakes == [])
  }

  @Test func `mistakes in tables are found`() {
    let one = Option("one", short: "o", .text(), "One.")
    let other = Option(flag: "other", short: "o", "Other.")
    let many = Positional(repeated: "MANY", .text(), "Many.")
    let maybe = Positional(optional: "MAYBE", .text(), "Perhaps.")
    let must = Positional("MUST", .text(), "Must.")
    let size = Option("size", .number(in: 1...9), default: 10, "A size.")
    let program = Program(
      "p", version: "1", summary: "S.",
      groups: [
        .init(
          "All",
          [
            Command("a", summary: "A.", options: [one, other]) { _ in .success },
            Command("a", summary: "A", arguments: [many, must]) { _ in .success },
            Command("b", summary: "B.", arguments: [maybe, must], options: [size, size]) { _ in
              .success
            },
            Command("c", summary: "C.", exclusive: [[one]]) { _ in .success },
          ])
      ])
    #expect(
      program.mistakes == [
        "two verbs are called 'a'",
        "a: '-o' is listed twice",
        "a: 'MANY' takes all words, 'MUST' would get none",
        "a: the summary is no sentence with a full stop",
        "b: '--size' is listed twice",
        "b: the default of '--size' is not one of its values",
        "b: the default of '--size' is not one of its values",
        "b: 'MUST' is required behind 'MAYBE', which is not",
        "c: '--one' is exclusive, but not in the table",
      ])
  }
}
