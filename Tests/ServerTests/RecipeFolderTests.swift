import Linux
import TestBed
import Testing

@testable import Server

struct `Recipe folders` {
  private static let text = """
    recipe: 1
    name: a
    server: {command: [x]}
    warm-up:
      steps:
        - sql: {port: 1, user: a, file: warm-up.sql}
    """

  @Test func `a folder is read with the files that it names`() throws {
    try withTemporaryDirectory { folder in
      try FileSystem.write(Self.text, to: folder / "recipe.yaml")
      try FileSystem.write("SELECT 1;\n-- and\nSELECT 2;\n", to: folder / "warm-up.sql")
      for path in [folder, folder / "recipe.yaml"] {
        let recipe = try Recipe.load(path)
        guard case .sql(let sql) = recipe.warmUp.steps.first?.action else {
          Issue.record("no SQL")
          continue
        }
        #expect(sql.statements == ["SELECT 1", "SELECT 2"])
        #expect(sql.file == "warm-up.sql")
        #expect(recipe.warmUp.steps.first?.title == "warm-up.sql")
      }
    }
  }

  @Test func `a mistake in a named file is told with its own place`() throws {
    try withTemporaryDirectory { folder in
      try FileSystem.write(Self.text, to: folder / "recipe.yaml")
      let problem = { (sql: [UInt8]) throws -> String? in
        try FileSystem.writeFile(folder / "warm-up.sql", sql, mode: 0o644, durable: false)
        return #expect(throws: RecipeError.self) { try Recipe.load(folder) }?.description
      }
      #expect(
        try problem(Array("SELECT 1;\nSELECT 'a".utf8))
          == "\(folder)/warm-up.sql:2:8: a quote ' that nothing ends")
      let place = "\(folder)/recipe.yaml:6:37: the file \"warm-up.sql\""
      #expect(try problem([0xFF]) == "\(place) is not a text in UTF-8")
      #expect(try problem(Array("-- nothing".utf8)) == "\(place) has no statements")
    }
  }

  @Test func `a folder without a recipe is told`() throws {
    try withTemporaryDirectory { folder in
      let error = #expect(throws: RecipeError.self) { try Recipe.load(folder) }
      #expect(
        error?.description
          == "\(folder)/recipe.yaml: cannot be read: No such file or directory (ENOENT)")
      #expect(error?.problems.first?.cause == .noEntry)
    }
  }

  @Test func `a user is looked up in the image's own files`() throws {
    try withTemporaryDirectory { root in
      try FileSystem.makeDirectory(root / "etc", mode: 0o755, parents: false)
      try FileSystem.write(
        "root:x:0:0::/root:/bin/sh\nxtdb:x:20000:20001:XTDB:/var/lib/xtdb:/bin/false\nbroken\n",
        to: root / "etc/passwd")
      try FileSystem.write(
        "root:x:0:\nxtdb:x:20001:\nadm:x:4:syslog,xtdb\nbroken:x\n", to: root / "etc/group")
      let resolve = { (text: String) throws -> Recipe.User.Identity in
        try #require(Recipe.User(text)).resolve(root: root)
      }
      let home = Path("/var/lib/xtdb")
      #expect(
        try resolve("xtdb")
          == .init(user: 20000, group: 20001, supplementaryGroups: [4], home: home))
      #expect(
        try resolve("20000")
          == .init(user: 20000, group: 20001, supplementaryGroups: [4], home: home))
      #expect(
        try resolve("xtdb:adm") == .init(user: 20000, group: 4, supplementaryGroups: [], home: home)
      )
      #expect(
        try resolve("7:8") == .init(user: 7, group: 8, supplementaryGroups: [], home: nil))
      #expect(try resolve("7") == .init(user: 7, group: 0, supplementaryGroups: [], home: nil))
      let user = #expect(throws: RecipeError.self) { try resolve("nobody") }
      #expect(user?.description == "\(root)/etc/passwd: no user `nobody` here")
      let group = #expect(throws: RecipeError.self) { try resolve("xtdb:staff") }
      #expect(group?.description == "\(root)/etc/group: no group `staff` here")
    }
  }

  @Test(arguments: [
    "", ":", "1:", ":1", "1:2:3", "4294967295", "99999999999", "1x", "a b", "-1", "a/b",
  ])
  func `what is no user is refused`(text: String) {
    #expect(Recipe.User(text) == nil)
  }

  @Test(arguments: ["0", "0:0", "20000:20000", "xtdb", "xtdb:adm", "www-data:33"])
  func `a user is written as it was read`(text: String) {
    #expect(Recipe.User(text)?.description == text)
  }
}
