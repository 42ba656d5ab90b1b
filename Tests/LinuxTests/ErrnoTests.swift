import Linux
import Testing

@Suite struct ErrnoTests {
  @Test(arguments: [
    (Errno.noEntry, "ENOENT", "No such file or directory (ENOENT)"),
    (.permission, "EPERM", "Operation not permitted (EPERM)"),
    (.inUse, "EADDRINUSE", "Address already in use (EADDRINUSE)"),
    (Errno(rawValue: 9999), "E9999", "Unknown error (E9999)"),
  ])
  func `an error has the kernel's name and a text`(error: Errno, name: String, text: String) {
    #expect(error.name == name)
    #expect(error.description == text)
  }

  @Test func `a missing file throws its error`() {
    #expect(throws: Errno.noEntry) { try FileSystem.readFile("/nowhere/at/all") }
    #expect(throws: Errno.notDirectory) { try FileSystem.list("/dev/null") }
    #expect(throws: Errno.isDirectory) { _ = try Descriptor.open("/", .writeOnly) }
  }
}
