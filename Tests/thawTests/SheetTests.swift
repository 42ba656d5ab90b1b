import Checkpoint
import Linux
import Terminal
import Testing

@testable import thaw

/// Facts for people.
@Suite struct SheetTests {
  @Test func `facts stand in columns, lists below each other, empty ones nowhere`() {
    var sheet = Sheet()
    sheet.add("Server") {
      $0.add("command", "java")
      $0.add("data", ["/srv/a", "/srv/b"])
      $0.add("image", nil)
      $0.add("ports", "")
    }
    sheet.add("Nothing") { $0.add("image", nil) }
    sheet.add("Files") { $0.add(line: "one\u{1B}[2J") }
    #expect(
      sheet.lines(on: Surface()) == [
        "Server", "  command  java", "  data     /srv/a", "           /srv/b", "", "Files",
        "  one?[2J",
      ])
  }

  @Test(arguments: [
    (["java", "-jar", "shop.jar"], "java -jar shop.jar"),
    (["sh", "-c", "echo 'hi' $HOME"], #"sh -c 'echo '\''hi'\'' $HOME'"#), ([""], "''"),
  ])
  func `words are written as a shell would take them`(_ words: [String], _ text: String) {
    #expect(CommandText.joined(words) == text)
  }

  @Test(arguments: [
    ("DB_PASSWORD", true), ("AWS_SECRET_ACCESS_KEY", true), ("github_token", true),
    ("PATH", false), ("JAVA_HOME", false), ("KEYBOARD", false),
  ])
  func `variables that sound like secrets are hidden`(_ name: String, _ isHidden: Bool) {
    #expect(
      CommandText.variables([name: "x"]) == [
        "\(name)=" + (isHidden ? "(hidden; --json shows it)" : "x")
      ])
  }

  @Test(arguments: [
    ([], ""), ([5], "5"), ([3, 1, 2, 2], "1-3"), ([1001, 1002, 1010], "1001-1002, 1010"),
  ])
  func `numbers are written in ranges`(_ numbers: [Int32], _ text: String) {
    #expect(CommandText.ranges(numbers) == text)
  }

  @Test func `moments are written in UTC`() {
    #expect(CommandText.moment(Samples.created) == "2026-11-23 19:00:00 UTC")
    #expect(
      Samples.created.before(.milliseconds(500))
        == Timestamp(seconds: 1_795_460_399, nanoseconds: 500_000_000))
  }

  @Test(arguments: [(63.24, "63 ms"), (0.04, "0.0 ms"), (9612.5, "9.6 s"), (.infinity, "-")])
  func `milliseconds are written as times`(_ milliseconds: Double, _ text: String) {
    #expect(Human.text(milliseconds: milliseconds) == text)
  }
}
