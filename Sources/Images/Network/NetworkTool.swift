import Linux

/// A program of the host that makes networks, `ip` or `nft`: told through a pipe, heard through
/// another.
struct NetworkTool: ~Copyable, Sendable {
  private let child: Child
  private var input: Descriptor?
  private let output: Descriptor
  private let name: String

  /// Starts the program.
  ///
  /// - Parameters:
  ///   - name: looked up in the system's folders.
  ///   - arguments: what it gets.
  ///   - package: what to install where it is missing.
  ///   - namespaces: new ones for the program.
  /// - Throws: `.networkFailed`, `.notRoot`.
  init(
    _ name: String, _ arguments: [String], package: String, namespaces: Namespaces = []
  ) throws(EngineError) {
    let input = try Self.pipe()
    let output = try Self.pipe()
    var plan = Spawn(Path(name), arguments)
    plan.environment = ["PATH": "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"]
    plan.workingDirectory = "/"
    plan.namespaces = namespaces
    plan.descriptors = [
      0: input.reader.rawValue, 1: output.writer.rawValue, 2: output.writer.rawValue,
    ]
    do {
      child = try plan.start()
    } catch {
      let isForbidden = error.errno == .permission
      throw EngineError(
        isForbidden ? .notRoot : .networkFailed, name, "\(error.step): \(error.errno)",
        fix: isForbidden ? "run it as root" : "install it: apt-get install \(package)")
    }
    self.input = input.intoWriter()
    self.output = output.intoReader()
    self.name = name
  }

  /// Its number; valid until ``finish(deadline:)`` or ``end()``.
  var pid: Int32 { child.pid }

  /// Writes lines to it.
  func tell(_ lines: [String]) throws(EngineError) {
    let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
    try attempt("writing to it", on: name, code: .networkFailed) { () throws(Errno) in
      try input?.writeAll(bytes)
    }
  }

  /// Reads what it writes until that is whole, its output ends, or the deadline passes.
  func answer(
    deadline: Deadline, until isWhole: (String) -> Bool
  ) throws(EngineError) -> String {
    var text = ""
    try attempt("reading from it", on: name, code: .networkFailed) { () throws(Errno) in
      while !isWhole(text) {
        guard try output.poll(for: .readable, deadline: deadline) else { throw .timedOut }
        let more = try output.read(upTo: 65_536)
        if more.isEmpty { break }
        text += String(decoding: more, as: UTF8.self)
      }
    }
    return text
  }

  /// Closes its input and waits for its end.
  ///
  /// - Returns: nil if it was content, else what it wrote.
  consuming func finish(deadline: Deadline) throws(EngineError) -> String? {
    input = nil
    let text: String
    do {
      text = try answer(deadline: deadline) { _ in false }
    } catch {
      end()
      throw error
    }
    let status = try attempt("waiting for it", on: name, code: .networkFailed) {
      () throws(Errno) in try child.wait(deadline: deadline)
    }
    return status == .exited(0) ? nil : text.trimmed
  }

  /// Closes its input and waits a moment for its end; kills it if that does not come.
  consuming func end() {
    input = nil
    // What fails here leaves a process that ends by itself, its input being closed.
    let status = (try? child.wait(deadline: .after(.seconds(5)))) ?? nil
    if status == nil { _ = try? child.killTree() }
  }

  deinit {
    // However it was left, no process of it remains, not even an unreaped one; the usual ends have
    // reaped it.
    _ = try? child.killTree()
  }

  private static func pipe() throws(EngineError) -> Pipe {
    try attempt("making a pipe", on: "network") { () throws(Errno) in try Pipe() }
  }
}
