import Linux
import TestBed
import Testing

@testable import Images

struct `What is made ahead of time` {
  @Test func `a folder of jars is spelled out by name, and all else stays`() throws {
    let root = try TemporaryDirectory()
    let library = root / "srv/shop/lib"
    try FileSystem.makeDirectory(library, parents: true)
    try FileSystem.makeDirectory(root / "opt/empty", parents: true)
    for name in ["b.jar", "a.jar", "C.JAR", "notes.txt"] {
      try FileSystem.writeFile(library / name, [])
    }
    let parts = ["shop.jar", "lib/*", "/srv/shop/lib/*", "/opt/empty/*", "/nowhere/*", "", "src"]
    #expect(
      ClassPathFolders.expand(parts, root: root.path, workingDirectory: "/srv/shop") == [
        "shop.jar", "lib/C.JAR", "lib/a.jar", "lib/b.jar", "/srv/shop/lib/C.JAR",
        "/srv/shop/lib/a.jar", "/srv/shop/lib/b.jar", "/opt/empty/*", "/nowhere/*", "", "src",
      ])
  }

  @Test func `classes are counted by where they came from`() {
    let log = """
      [0.012s][info][class,load] java.lang.Object source: shared objects file
      [0.013s][info][class,load] shop.Main source: shared objects file (top)
      [0.014s][info][class,load] shop.Lambda source: __JVM_LookupDefineClass__
      [0.015s][info][class,load] opened: /usr/lib/jvm/lib/modules

      """
    let classes = SharedClasses(log)
    #expect(classes.shared == 2 && classes.own == 1 && classes.all == 3)
    #expect(SharedClasses("").all == 0)
  }

  @Test func `what a program wrote becomes a file of the image, the same each time`() throws {
    let folder = try TemporaryDirectory()
    let written = folder / "ahead.jar.new"
    try FileSystem.writeFile(written, [1, 2, 3], mode: 0o600)
    var files = AheadFiles(folder: folder.path)
    try files.take(written, as: AheadFiles.classes)
    files.hasClasses = true
    try files.placed.put(in: folder / "one")
    try files.placed.put(in: folder / "two")
    let status = try [folder / "one", folder / "two"].map {
      try FileSystem.status($0 / AheadFiles.classes.string)
    }
    #expect(status[0].inode == status[1].inode)
    #expect(status[0].mode == 0o644 && status[0].modified == Timestamp(seconds: 0))
    #expect(!FileSystem.exists(folder / "one\(AheadFiles.archive)"))
  }
}
