import Linux
import Testing

@Suite struct PathTests {
  @Test(arguments: [
    ("/", "/", "/", "/"), ("/a", "/a", "/", "a"), ("/a/b/", "/a/b", "/a", "b"),
    ("a", "a", ".", "a"),
    ("", ".", ".", "."), ("//", "/", "/", "/"), ("a/b", "a/b", "a", "b"),
  ])
  func `a path has a parent and a last name`(
    text: String, string: String, parent: String, last: String
  ) {
    let path = Path(text)
    #expect(path.string == string)
    #expect(path.parent.string == parent)
    #expect(path.lastComponent == last)
  }

  @Test(arguments: [
    ("/", "a", "/a"), ("/a", "b", "/a/b"), ("/a", "/b", "/a/b"), ("a", "b/c", "a/b/c"),
    ("/a", "", "/a"), ("/a", "b/", "/a/b"),
  ])
  func `a name is put below a path`(left: String, right: String, joined: String) {
    #expect((Path(left) / right).string == joined)
  }

  @Test func `inside is told by whole names`() {
    #expect(Path("/a/b").isInside("/a"))
    #expect(Path("/a").isInside("/a"))
    #expect(!Path("/ab").isInside("/a"))
    #expect(Path("/ab").isInside("/"))
    #expect(Path("/a/b/c").relative(to: "/a") == "b/c")
    #expect(Path("/a").relative(to: "/a") == ".")
    #expect(Path("/b").relative(to: "/a") == nil)
  }

  @Test func `paths are ordered by bytes`() {
    #expect([Path("/b"), "/a/z", "/B"].sorted() == ["/B", "/a/z", "/b"])
  }
}
