import Testing

@testable import Server

struct `Time spans` {
  @Test(arguments: [
    ("0s", Duration.zero, "0s"), ("0ms", .zero, "0s"), ("500ms", .milliseconds(500), "500ms"),
    ("30s", .seconds(30), "30s"), ("1.5s", .milliseconds(1500), "1.5s"),
    ("90s", .seconds(90), "90s"), ("120s", .seconds(120), "2m"), ("2m", .seconds(120), "2m"),
    ("1h", .seconds(3600), "1h"), ("0.5h", .seconds(1800), "30m"), ("25h", .seconds(90_000), "25h"),
    ("250us", .microseconds(250), "0.25ms"), ("1000ms", .seconds(1), "1s"),
    ("1.000001s", .microseconds(1_000_001), "1.000001s"),
    ("10000h", .seconds(36_000_000), "10000h"),
  ])
  func `a text is read and written in its shortest form`(
    text: String, duration: Duration, shortest: String
  ) throws {
    let span = try #require(TimeSpan(text))
    #expect(span.duration == duration)
    #expect(span.description == shortest)
    #expect(TimeSpan(shortest) == span)
  }

  @Test(arguments: [
    "", "s", "30", "30 s", " 30s", "-1s", "+1s", "1.s", ".5s", "1..2s", "1.2.3s", "1e3s", "30S",
    "30sec", "1d", "1m30s", "٣s", "99999999999999999999s", "9223372036854775807h", "240001h",
    "1.0000001s",
  ])
  func `anything else is refused`(text: String) {
    #expect(TimeSpan(text) == nil)
  }

  @Test func `a measured duration is cut to microseconds and kept within bounds`() {
    #expect(TimeSpan(.nanoseconds(1_234_567_890)).description == "1.234567s")
    #expect(TimeSpan(.nanoseconds(12_345_678)).description == "12.345ms")
    #expect(TimeSpan(.nanoseconds(999)).description == "0s")
    #expect(TimeSpan(.seconds(-5)).description == "0s")
    #expect(TimeSpan(.milliseconds(-5)).description == "0s")
    #expect(TimeSpan(.seconds(Int64.max)).description == "240000h")
  }

  @Test func `spans are ordered by length`() {
    #expect(TimeSpan.milliseconds(999) < .seconds(1))
    #expect(TimeSpan.minutes(1) == .seconds(60))
  }

  @Test func `every span reads back as itself`() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<10_000 {
      let bits = Int64.random(in: 1...48, using: &random)
      let span = TimeSpan(.microseconds(Int64.random(in: 0..<(1 << bits), using: &random)))
      #expect(TimeSpan(span.description) == span)
    }
  }
}
