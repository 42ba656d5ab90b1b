import Checkpoint
import Server
import Testing

@testable import Images

struct RefreshRuleTests {
  @Test(
    arguments: [
      ("after=1h", .minutes(60), nil), ("requests=10000", nil, 10_000),
      ("after=90s,requests=1", .seconds(90), 1), ("requests=1,after=90s", .seconds(90), 1),
    ] as [(String, TimeSpan?, Int?)])
  func `a rule is read, and reads back as the same`(
    text: String, after: TimeSpan?, requests: Int?
  ) throws {
    let rule = try #require(RefreshRule(text))
    #expect(rule.after == after && rule.requests == requests)
    #expect(RefreshRule("\(rule)") == rule)
  }

  @Test(arguments: [
    "", ",", "after", "after=", "after=1", "after=0s", "requests=0", "requests=-1", "requests=1k",
    "after=1h,", "after=1h,after=2h", "requests=1,requests=2", "every=1h",
  ])
  func `what is no rule is none`(text: String) {
    #expect(RefreshRule(text) == nil)
  }

  @Test func `accepted connections are found under their name`() {
    let text = """
      Ip: Forwarding DefaultTTL
      Ip: 1 64
      Tcp: RtoAlgorithm ActiveOpens PassiveOpens AttemptFails
      Tcp: 1 12 345 6
      Udp: InDatagrams
      Udp: 7

      """
    #expect(RefreshWatch.accepted(text) == 345)
    #expect(RefreshWatch.accepted("Tcp: RtoAlgorithm\nTcp: 1\n") == nil)
    #expect(RefreshWatch.accepted("Tcp: PassiveOpens\n") == nil)
    #expect(RefreshWatch.accepted("") == nil)
  }
}

struct RaceTests {
  private func answers(_ all: [Double]) -> [MeasuredAnswers] {
    all.map { MeasuredAnswers(first: $0 / 2, all: $0) }
  }

  @Test(
    arguments: [
      // As fast, slower, a little faster: not kept.
      ([100, 100, 100, 100, 100], [100, 100, 100, 100, 100], false),
      ([100, 101, 99, 100, 102], [120, 119, 121, 118, 120], false),
      ([100, 100, 100, 100, 100], [97, 97, 97, 97, 97], false),
      ([100, 100, 100, 100, 100], [95, 95, 95, 95, 95], true),
      // One turn in which the machine was busy counts for nothing, two do.
      ([100, 100, 100, 100, 100], [50, 50, 500, 50, 50], true),
      ([100, 100, 100, 100, 100], [50, 50, 500, 500, 50], false),
      ([100, 100, 900, 900, 100], [99, 99, 99, 99, 99], false),
    ] as [([Double], [Double], Bool)])
  func `the new one is faster if it is so by more than chance`(
    before: [Double], after: [Double], isFaster: Bool
  ) {
    let result = Race.judge(before: answers(before), after: answers(after))
    #expect(result.isFaster == isFaster)
    #expect(result.before.all == before.sorted()[2] && result.after.first == after.sorted()[2] / 2)
  }
}
