import Testing

@testable import Lifecycle

/// Which variables of a container count.
@Suite struct ImageEnvironmentTests {
  @Test(arguments: [
    ("HOSTNAME", "3fb998451a40"), ("HOME", "/root"), ("TERM", "xterm"), ("container", "podman"),
    ("KUBERNETES_PORT_443_TCP_ADDR", "10.0.0.1"), ("REDIS_SERVICE_HOST", "10.0.0.7"),
    ("REDIS_SERVICE_PORT_MAIN", "6379"), ("REDIS_PORT", "tcp://10.0.0.7:6379"),
    ("REDIS_PORT_6379_TCP", "tcp://10.0.0.7:6379"), ("REDIS_PORT_6379_TCP_PROTO", "tcp"),
    ("THAW_CRIU_LOG", "4"),
  ])
  func `what an engine adds does not count`(name: String, value: String) {
    let judged = ImageEnvironment.judged(["A": "1", name: value], frozen: ["A": "1"])
    #expect(judged == ["A": "1"])
  }

  @Test(arguments: [
    ("XTDB_LOGGING_LEVEL", "DEBUG"), ("HTTP_PORT", "8080"), ("PATH", "/bin"), ("PORT", "80"),
    ("JDK_JAVA_OPTIONS", "-Xmx1g"), ("REPORT_9_ADDR", "x"), ("MY_HOST", "a"),
  ])
  func `what a user sets counts`(name: String, value: String) {
    #expect(ImageEnvironment.judged([name: value], frozen: [:]) == [name: value])
  }

  @Test func `what was frozen of the engine's own stays as it was`() {
    let judged = ImageEnvironment.judged(
      ["HOME": "/root", "A": "2"], frozen: ["HOME": "/srv", "A": "1", "B": "3"])
    #expect(judged == ["HOME": "/srv", "A": "2"])
  }
}
