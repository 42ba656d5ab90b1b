@testable import Lifecycle
import Linux
import TestBed
import Testing

@Suite("Sockets that were renamed")
struct RenamedSocketsTests {
  @Test
  func `a JVM's attach socket is known by its name`() {
    #expect(RenamedSockets.newName(of: "/tmp/.java_pid1001.tmp") == "/tmp/.java_pid1001")
  }

  @Test(arguments: ["/tmp/.java_pid1001", "/tmp/other.tmp", "/tmp/.java_pid"])
  func `other sockets are left alone`(_ name: String) {
    #expect(RenamedSockets.newName(of: Path(name)) == nil)
  }

  @Test
  func `a socket whose old name is there was not renamed`() throws {
    try withTemporaryDirectory { root in
      let name = root / ".java_pid7.tmp"
      try FileSystem.writeFile(name, [])
      #expect(RenamedSockets.newName(of: name) == nil)
    }
  }
}
