import Glibc

/// Programs that are run to their end.
extension Spawn {
  /// Starts this program, feeds it, and collects what it writes until it has ended.
  ///
  /// Descriptors 0, 1 and 2 are pipes unless told. A grandchild that keeps the output open does not
  /// hold up the end. At the deadline the program is killed with all of its descendants.
  ///
  /// - Parameters:
  ///   - input: what it reads from descriptor 0.
  ///   - deadline: when it is killed.
  ///   - outputLimit: how many bytes of its output, and as many of its errors, are kept.
  /// - Returns: what it left.
  /// - Throws: ``SpawnError`` if it could not be started or waited for.
  public func run(
    input: [UInt8] = [], deadline: Deadline, outputLimit: ByteCount = .mebibytes(16)
  ) throws(SpawnError) -> Finished {
    let subject = executable.string
    let pipes = try Spawn.step("make pipes", subject) { () throws(Errno) in try ThreePipes() }
    var plan = self
    let ends: [Int32: Int32] = [
      0: pipes.input.reader.rawValue, 1: pipes.output.writer.rawValue,
      2: pipes.errors.writer.rawValue,
    ]
    plan.descriptors.merge(ends) { told, _ in told }
    let child = try plan.start()
    do {
      var exchange = try Exchange(pipes, input: input, limit: Int(clamping: outputLimit.bytes))
      let status = try exchange.run(child, deadline: deadline)
      return exchange.finished(status)
    } catch {
      // The program must not outlive the call that failed.
      Processes.kill(tree: child.pid)
      _ = try? child.wait(deadline: .after(.seconds(5)))  // the first error is the one to tell
      throw SpawnError(step: "wait for the program", errno: error, subject: subject)
    }
  }

  /// Runs a program to its end; see ``run(input:deadline:outputLimit:)``.
  public static func run(
    _ spawn: Spawn, input: [UInt8] = [], deadline: Deadline,
    outputLimit: ByteCount = .mebibytes(16)
  ) throws(SpawnError) -> Finished {
    try spawn.run(input: input, deadline: deadline, outputLimit: outputLimit)
  }

  private static func step<Value: ~Copyable>(
    _ step: String, _ subject: String, _ body: () throws(Errno) -> Value
  ) throws(SpawnError) -> Value {
    do {
      return try body()
    } catch {
      throw SpawnError(step: step, errno: error, subject: subject)
    }
  }
}

/// The pipes of a program that is run.
struct ThreePipes: ~Copyable {
  var input: Pipe
  var output: Pipe
  var errors: Pipe

  init() throws(Errno) {
    let input = try Pipe()
    let output = try Pipe()
    let errors = try Pipe()
    self.input = input
    self.output = output
    self.errors = errors
  }
}
