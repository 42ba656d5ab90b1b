import Testing

@testable import Server

struct `SQL scripts` {
  @Test(arguments: [
    ("", []), (" ;; -- nothing\n /* here */ ;", []),
    ("SELECT 1", ["SELECT 1"]), ("SELECT 1;", ["SELECT 1"]),
    ("SELECT 1; SELECT 2 ;\n", ["SELECT 1", "SELECT 2"]),
    ("SELECT ';', ';''', 'it''s;'; X", ["SELECT ';', ';''', 'it''s;'", "X"]),
    (#"SELECT 'a\'; X"#, [#"SELECT 'a\'"#, "X"]),
    (#"SELECT E'a\';b', e'\\'; X"#, [#"SELECT E'a\';b', e'\\'"#, "X"]),
    (#"SELECT nameE'a\'; X"#, [#"SELECT nameE'a\'"#, "X"]),
    (#"SELECT ";", "a"";b"; X"#, [#"SELECT ";", "a"";b""#, "X"]),
    ("SELECT $$a;b$$; X", ["SELECT $$a;b$$", "X"]),
    ("SELECT $tag$a;$$;$ta$;b$tag$; X", ["SELECT $tag$a;$$;$ta$;b$tag$", "X"]),
    ("SELECT $1, $2; X", ["SELECT $1, $2", "X"]),
    ("SELECT a$1$; X$1$", ["SELECT a$1$", "X$1$"]),
    ("SELECT $ä$;$ä$; X", ["SELECT $ä$;$ä$", "X"]),
    ("SELECT 1 -- a; b\n, 2; X", ["SELECT 1 -- a; b\n, 2", "X"]),
    ("SELECT 1 -- a; b\r, 2; X", ["SELECT 1 -- a; b\r, 2", "X"]),
    ("-- a;\nSELECT 1 -- b", ["SELECT 1"]),
    ("SELECT /* a; /* b; */ c; */ 1; X", ["SELECT /* a; /* b; */ c; */ 1", "X"]),
    ("SELECT 1 - -2 / 3 * 4; X", ["SELECT 1 - -2 / 3 * 4", "X"]),
    ("\u{FEFF}SELECT 'ä;ö';\r\nX\r\n", ["SELECT 'ä;ö'", "X"]),
    (
      "INSERT INTO t VALUES (1);INSERT INTO t VALUES (2)",
      [
        "INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)",
      ]
    ),
  ])
  func `statements end at semicolons of their own`(text: String, statements: [String]) throws {
    #expect(try SQLScript.statements(in: text) == statements)
  }

  @Test(arguments: [
    ("SELECT 1;\nSELECT 'a", "a quote ' that nothing ends", 2, 8),
    ("SELECT \"a", "a quote \" that nothing ends", 1, 8),
    (#"SELECT E'a\'"#, "a quote ' that nothing ends", 1, 9),
    ("ä; $x$ a $$", "a quote $x$ that nothing ends", 1, 4),
    ("SELECT 1 /* /* */", "a comment /* that nothing ends", 1, 10),
    ("SELECT 1;\n\\c other", "commands of psql such as \\c are not SQL", 2, 1),
  ])
  func `what nothing ends is told with its place`(
    text: String, message: String, line: Int, column: Int
  ) {
    let failure = #expect(throws: SQLScript.Failure.self) { try SQLScript.statements(in: text) }
    #expect(failure == .init(message: message, line: line, column: column))
  }

  @Test(.timeLimit(.minutes(1))) func `no text crashes or hangs the splitter`() {
    let letters = Array(";'\"$-*/\\eEaä \n\r1")
    for _ in 0..<3000 {
      let text = String((0..<Int.random(in: 0..<60)).compactMap { _ in letters.randomElement() })
      if let statements = try? SQLScript.statements(in: text) {
        // Each statement is one, however it is split again.
        for statement in statements {
          #expect((try? SQLScript.statements(in: statement)) == [statement], "\(text)")
        }
      }
    }
  }

  @Test(.timeLimit(.minutes(1))) func `a script of megabytes is split in no time`() throws {
    let text = String(repeating: "INSERT INTO t VALUES ('a;b', $$c;d$$); -- e;\n", count: 20_000)
    #expect(try SQLScript.statements(in: text).count == 20_000)
  }
}
