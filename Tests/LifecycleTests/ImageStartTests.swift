import Linux
import Server
import Testing

@testable import Lifecycle

/// The words behind the entry point of an image.
@Suite struct ImageStartTests {
  @Test(
    arguments: [
      ([], .start, []),
      (["--restore-only"], .restoreOnly, []),
      (["--restore-only", "-f", "custom.yaml"], .restoreOnly, ["-f", "custom.yaml"]),
      (["--create-checkpoint"], .createCheckpoint, []),
      (["-f", "custom.yaml"], .start, ["-f", "custom.yaml"]),
      (["playground", "--restore-only"], .start, ["playground", "--restore-only"]),
    ] as [([String], ImageStart.Request.Mode, [String])])
  func `words in front are Thaw's, the rest is the server's`(
    words: [String], mode: ImageStart.Request.Mode, arguments: [String]
  ) {
    let request = ImageStart.Request(words)
    #expect(request.mode == mode)
    #expect(request.arguments == arguments)
  }

  @Test(
    arguments: [
      (["--on-stop=stop"], .stop, nil),
      (["--restore-only", "--on-stop=hibernate", "-f", "x"], .hibernate, nil),
      (["--on-stop=never"], nil, "--on-stop=never"),
      (["-f", "--on-stop=stop"], nil, nil),
    ] as [([String], OnStop?, String?)])
  func `what to do on stop is one of Thaw's words`(
    words: [String], onStop: OnStop?, mistake: String?
  ) {
    let request = ImageStart.Request(words)
    #expect(request.onStop == onStop)
    #expect(request.mistake == mistake)
  }

  @Test func `the command line goes before the environment, and that before the default`() {
    #expect(OnStop.wanted(.stop, ["THAW_ON_STOP": "hibernate"]) == .stop)
    #expect(OnStop.wanted(nil, ["THAW_ON_STOP": "stop"]) == .stop)
    #expect(OnStop.wanted(nil, ["THAW_ON_STOP": ""]) == .hibernate)
    #expect(OnStop.wanted(nil, [:]) == .hibernate)
    #expect(OnStop.wanted(nil, ["THAW_ON_STOP": "no"]) == nil)
  }

  @Test(
    arguments: [
      (nil, [:], OnStop.hibernate, "8s", true),
      (nil, ["THAW_ON_STOP": "stop", "THAW_STOP_TIMEOUT": "30s"], .stop, "30s", true),
      (.hibernate, ["THAW_ON_STOP": "stop"], .hibernate, "8s", true),
      (nil, ["THAW_ON_STOP": "never"], .stop, "8s", false),
      (nil, ["THAW_STOP_TIMEOUT": "soon"], .hibernate, "8s", false),
    ] as [(OnStop?, [String: String], OnStop, String, Bool)])
  func `what becomes of a server at its end is said by the line, then by the environment`(
    word: OnStop?, environment: [String: String], wish: OnStop, patience: String, isUnderstood: Bool
  ) {
    var stop = StopPlan(volumes: ["/data"])
    #expect(stop.take(word, environment) == isUnderstood)
    #expect(stop.wish == wish)
    #expect(stop.patience.description == patience)
    #expect(stop.isAsked == (word != nil || environment["THAW_ON_STOP"] != nil))
  }

  @Test func `a data folder on a file system of its own that lasts is on a volume`() {
    let table = [
      "1 0 0:30 / / rw - overlay overlay rw", "2 1 0:31 / /tmp rw - tmpfs tmpfs rw",
      "3 1 8:1 /volumes/data /var/lib/ledger rw - ext4 /dev/sda1 rw",
      "4 1 8:1 /all /srv rw - ext4 /dev/sda1 rw",
    ].compactMap { MountEntry(parsing: $0) }
    #expect(DataVolume.holds("/var/lib/ledger", in: table))
    #expect(DataVolume.holds("/srv/data", in: table))
    #expect(!DataVolume.holds("/tmp/data", in: table))
    #expect(!DataVolume.holds("/var/lib/ledger2", in: table))
    #expect(!DataVolume.holds("/var/lib", in: table))
  }
}
