import Linux
import Memory

/// What running JVMs are brought to before they are dumped.
///
/// A JVM that may not be asked, and any other program, is dumped as it is.
enum RunningJVMs {
  /// Waits until the compilers have nothing to do, at most until the deadline.
  ///
  /// What they are frozen in the middle of they go on with after each thaw: that costs time and memory of the first answers.
  static func settle(_ tree: [Int32], deadline: Deadline) {
    let pause = Duration.milliseconds(20)
    for jvm in tree.compactMap({ HotSpot(pid: $0) }) {
      while let queue = try? jvm.ask("Compiler.queue", deadline: deadline), !isEmpty(queue),
        !deadline.hasPassed
      {
        deadline.or(after: pause).pass()
      }
    }
  }

  /// Has them give back what they have freed, but whose pages malloc keeps: 2 ms for the 14 to 22 MB that compilers leave
  /// behind when a thousand requests were answered, and that would be written into the checkpoint.
  ///
  /// Some cannot: JDK 17 before 17.0.9, and those above musl.
  static func giveBack(_ tree: [Int32], deadline: Deadline) {
    for jvm in tree.compactMap({ HotSpot(pid: $0) }) {
      _ = try? jvm.ask("System.trim_native_heap", deadline: deadline.or(after: .seconds(1)))
    }
  }

  /// Whether an answer to `Compiler.queue` names no method: it then has only titles, which end with a colon, and `Empty`.
  static func isEmpty(_ queue: String) -> Bool {
    queue.split(whereSeparator: \.isNewline).allSatisfy { line in
      let text = line.drop { $0 == " " }
      return text.isEmpty || text.hasPrefix("Empty") || text.hasSuffix(":") || text.hasSuffix(": ")
    }
  }
}
