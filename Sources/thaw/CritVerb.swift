import Arguments
import CRIU
import Linux
import Terminal

/// `thaw crit`: CRIU's own image tool, without Python.
enum CritVerb {
  /// What is to be done.
  enum Action: String, Sendable, CaseIterable {
    case show, decode, encode, info
  }

  static let action = Positional(
    "ACTION", .choice("ACTION", of: Action.self),
    "`show` and `decode` print an image as JSON, `encode` makes one of JSON, `info` says what it is."
  )
  static let file = Positional(
    optional: "FILE", .file, "The image, or the JSON; standard input, unless told.")
  static let input = Option("in", short: "i", .file, "The same, as crit has it.")
  static let destination = Option(
    "out", short: "o", .file, "Where the result goes; standard output, unless told.")
  static let pretty = Option(
    flag: "pretty", "With decode: one field a line, and numbers as people read them.")

  static let command = Command(
    "crit", summary: "Show and change CRIU's images, as CRIU's own crit does.",
    discussion: """
      The JSON is that of crit, in both directions; fields that a newer CRIU has are kept. In an \
      image that `thaw build` made the command is called `crit`, too: there is no Python to be had.
      """,
    arguments: [action, file], options: [input, destination, pretty],
    examples: [
      .init("thaw crit show images/pstree.img", "The tree of processes."),
      .init(
        "thaw crit info images/files.img", "What kind of image it is, and how many entries it has."),
      .init("thaw crit decode -i mm-1001.img -o mm.json", "As crit has it."),
    ],
    exitCodes: [.init(1, "The file cannot be read, or is no image.")], run: run)

  static func run(_ parsed: Parsed) throws -> ExitCode {
    SignalSet.endThisProgram()
    let name = try parsed[input] ?? parsed[file]
    let bytes = try attempt("reading", name) { () throws(Errno) in
      guard let name, name != "-" else {
        return try FileSystem.readFile("/dev/stdin")
      }
      return try FileSystem.readFile(Path(name))
    }
    let result: [UInt8]
    switch try parsed[action] {
    case .show:
      result = Array((try image(bytes, name).json(pretty: true).text(indent: 4) + "\n").utf8)
    case .decode:
      let isPretty = try parsed[pretty]
      let json = try image(bytes, name).json(pretty: isPretty)
      result = Array((json.text(indent: isPretty ? 4 : nil) + "\n").utf8)
    case .encode:
      result = try ImageFile(
        json: String(decoding: bytes, as: UTF8.self), name: name ?? "standard input"
      ).encoded()
    case .info:
      let image = try image(bytes, name)
      let facts = JSONValue.object([
        .init("magic", .string(image.type.name)),
        .init("count", .number(Int128(image.entries.count))),
      ])
      result = Array((facts.text(indent: 4) + "\n").utf8)
    }
    let target = try parsed[destination]
    try attempt("writing", target) { () throws(Errno) in
      guard let target, target != "-" else {
        return try BorrowedDescriptor.standardOutput.writeAll(result)
      }
      try FileSystem.writeFile(Path(target), result, mode: 0o600)
    }
    return .success
  }

  private static func image(_ bytes: [UInt8], _ name: String?) throws -> ImageFile {
    try ImageFile(decoding: bytes, name: name ?? "standard input")
  }

  private static func attempt<Value>(
    _ what: String, _ name: String?, _ body: () throws(Errno) -> Value
  ) throws -> Value {
    do throws(Errno) {
      return try body()
    } catch {
      throw Failure(Failure.failed, "\(name ?? "standard stream"): \(what): \(error)")
    }
  }
}
