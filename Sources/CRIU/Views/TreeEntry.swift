/// One process of a dump, from `pstree.img` (`pstree_entry`); the first is the root.
public struct TreeEntry: MessageView {
  /// `pstree_entry`.
  public static var schema: Schema { .pstreeEntry }
  /// The message.
  public var message: Message

  /// Shows a message.
  public init(_ message: Message) { self.message = message }

  /// The process's id in its own pid namespace, which it gets again.
  public var pid: Int32 { number("pid") }
  /// Its parent's id, 0 of the root.
  public var parent: Int32 { number("ppid") }
  /// Its process group.
  public var group: Int32 { number("pgid") }
  /// Its session.
  public var session: Int32 { number("sid") }
  /// Its threads' ids, its own among them; empty for a process that has ended.
  public var threads: [Int32] {
    let all = message.numbers("threads").map { Int32(truncatingIfNeeded: $0) }
    // Of a process that has ended CRIU writes one number, which nobody has set.
    return all.contains(pid) ? all : []
  }
}
