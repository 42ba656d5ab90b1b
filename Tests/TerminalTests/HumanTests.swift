import Linux
import Terminal
import Testing

@Suite struct HumanTests {
  @Test(arguments: [
    (Duration.zero, "0.0 ms"), (.microseconds(49), "0.0 ms"), (.microseconds(50), "0.1 ms"),
    (.microseconds(400), "0.4 ms"), (.microseconds(6_349), "6.3 ms"),
    (.microseconds(9_949), "9.9 ms"), (.microseconds(9_950), "10 ms"), (.milliseconds(63), "63 ms"),
    (.microseconds(999_499), "999 ms"), (.microseconds(999_500), "1.0 s"), (.seconds(1), "1.0 s"),
    (.milliseconds(6_800), "6.8 s"), (.milliseconds(9_949), "9.9 s"),
    (.milliseconds(9_950), "10 s"),
    (.milliseconds(42_400), "42 s"), (.milliseconds(59_499), "59 s"),
    (.milliseconds(59_500), "1 min 0 s"), (.seconds(125), "2 min 5 s"),
    (.milliseconds(3_599_499), "59 min 59 s"), (.milliseconds(3_599_500), "1 h 0 min"),
    (.seconds(11_520), "3 h 12 min"), (.seconds(86_399), "1 d 0 h"), (.seconds(183_600), "2 d 3 h"),
    (.milliseconds(-63), "-63 ms"),
  ])
  func `durations`(duration: Duration, text: String) {
    #expect(Human.text(duration) == text)
  }

  @Test(arguments: [
    (62_000_000, 144_000_000, "62 of 144 MB"), (950_000, 1_200_000, "950 kB of 1.2 MB"),
    (0, 10, "0 of 10 B"), (0, 144_000_000, "0 B of 144 MB"),
  ])
  func `parts of a size`(part: Int, whole: Int, text: String) {
    #expect(Human.text(ByteCount(part), of: ByteCount(whole)) == text)
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (8446, "8,446"), (-12_345_678, "-12,345,678"),
  ])
  func `counts`(count: Int, text: String) {
    #expect(Human.text(count) == text)
  }

  @Test(arguments: [
    (1.04, "1.0×"), (9.94, "9.9×"), (9.95, "10×"), (26.6, "27×"), (1204, "1,204×"),
    (Double.infinity, "-"), (Double.nan, "-"), (-1, "-"), (1e300, "-"),
  ])
  func `ratios`(ratio: Double, text: String) {
    #expect(Human.text(ratio: ratio) == text)
  }

  @Test(arguments: [
    (Duration.seconds(-5), "just now"), (.seconds(9), "just now"), (.seconds(59), "59 seconds ago"),
    (.seconds(60), "1 minute ago"), (.seconds(7199), "1 hour ago"),
    (.seconds(180_000), "2 days ago"),
  ])
  func `how long ago`(duration: Duration, text: String) {
    #expect(Human.text(ago: duration) == text)
  }

  @Test func `durations for JSON`() {
    #expect(Duration.microseconds(36_125).milliseconds == 36.125)
    #expect(Duration.nanoseconds(36_125_499).milliseconds == 36.125)
    #expect(Duration.milliseconds(9_600).seconds == 9.6)
  }
}
