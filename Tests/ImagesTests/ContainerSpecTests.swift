import FoundationEssentials
import Linux
import TestBed
import Testing

@testable import Images

struct ContainerSpecTests {
  private var spec: ContainerSpec {
    ContainerSpec(
      id: "abc", layers: ["/image"], upper: "/upper", work: "/work", arguments: ["/server", "-x"])
  }

  @Test func `a configuration says no more than it must`() throws {
    let text = String(decoding: spec.configuration(), as: UTF8.self)
    #expect(!text.contains("seccomp"))
    #expect(!text.contains("timeOffsets"))
    #expect(!text.contains("maskedPaths"))
    #expect(!text.contains(#""type" : "time""#))
    #expect(!text.contains("CAP_"))
    let value = spec.runtimeConfiguration(files: [], hostMounts: [])
    #expect(value.process.noNewPrivileges == false)
    #expect(value.linux.cgroupsPath == "/thaw-abc")
    #expect(value.linux.namespaces.map(\.type) == ["pid", "mount", "ipc", "uts", "network"])
    #expect(value.hostname == "abc")
    #expect(value.root.path == "rootfs")
  }

  @Test func `runc's own words are used`() throws {
    var spec = spec
    spec.environment = ["B": "2=3", "A": "x y"]
    spec.capabilities = [.checkpointRestore, .setPCAP]
    spec.networkNamespace = "/proc/5/fd/7"
    spec.protectsKernelPaths = true
    let value = spec.runtimeConfiguration(files: [], hostMounts: [])
    #expect(value.process.env == ["A=x y", "B=2=3"])
    #expect(value.process.capabilities.ambient == ["CAP_SETPCAP", "CAP_CHECKPOINT_RESTORE"])
    #expect(value.process.capabilities.bounding == value.process.capabilities.ambient)
    #expect(value.linux.namespaces.last?.path == "/proc/5/fd/7")
    #expect(value.linux.maskedPaths?.contains("/proc/kcore") == true)
    #expect(value.linux.readonlyPaths?.contains("/proc/sys") == true)
  }

  @Test(
    arguments: [
      (Duration.seconds(5), 5, 0), (.zero, 0, 0), (.milliseconds(1500), 1, 500_000_000),
      (.milliseconds(-1500), -2, 500_000_000), (.seconds(-3), -3, 0),
      (.nanoseconds(-1), -1, 999_999_999),
    ] as [(Duration, Int64, UInt32)])
  func `clocks are moved by whole seconds and a rest that is never negative`(
    offset: Duration, seconds: Int64, nanoseconds: UInt32
  ) throws {
    let value = RuntimeConfiguration.Offset(offset)
    #expect(value.secs == seconds)
    #expect(value.nanosecs == nanoseconds)
  }

  @Test func `outer folders are mounted before inner ones, the user's after Thaw's files`() {
    var spec = spec
    spec.binds = [
      .init(source: "/1", destination: "/a/b/c"), .init(source: "/2", destination: "/a"),
      .init(source: "/3", destination: "/etc/hosts", readOnly: true),
    ]
    let files = [ContainerSpec.Bind(source: "/own", destination: "/etc/hosts")]
    let mounts = spec.runtimeConfiguration(files: files, hostMounts: ["/home"]).mounts
    let binds = mounts.filter { $0.type == "bind" }
    #expect(binds.map(\.source) == ["/home", "/2", "/own", "/3", "/1"])
    #expect(binds.map { $0.options.last } == ["rw", "rw", "rw", "ro", "rw"])
    #expect(mounts.first?.destination == "/proc")
  }

  @Test func `the configuration is JSON that runc would read`() throws {
    var spec = spec
    spec.clock = .init(monotonic: .seconds(-1), bootTime: .seconds(1))
    spec.arguments = ["/server", "\"quoted\" \u{1} \\ 'ü' /"]
    let bytes = spec.configuration()
    struct Read: Decodable {
      struct Process: Decodable { var args: [String] }
      struct Platform: Decodable {
        struct Offset: Decodable { var secs: Int64 }
        var timeOffsets: [String: Offset]
      }
      var ociVersion: String
      var process: Process
      var linux: Platform
    }
    let read = try JSONDecoder().decode(Read.self, from: Data(bytes))
    #expect(read.process.args == spec.arguments)
    #expect(read.linux.timeOffsets["monotonic"]?.secs == -1)
    #expect(read.linux.timeOffsets["boottime"]?.secs == 1)
  }
}
