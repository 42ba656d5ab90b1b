/// What a dump took, from `stats-dump` (`dump_stats_entry`).
public struct DumpStatistics: MessageView {
  /// `dump_stats_entry`.
  public static var schema: Schema { .dumpStatsEntry }
  /// The message.
  public var message: Message

  /// Shows a message.
  public init(_ message: Message) { self.message = message }

  /// Until all tasks stood still.
  public var freezing: Duration { microseconds("freezing_time") }
  /// How long they stood still.
  public var frozen: Duration { microseconds("frozen_time") }
  /// Finding and taking the pages.
  public var dumpingMemory: Duration { microseconds("memdump_time") }
  /// Writing the pages.
  public var writingMemory: Duration { microseconds("memwrite_time") }
  /// Pages looked at.
  public var pagesScanned: UInt64 { number("pages_scanned") }
  /// Pages that are the parent's.
  public var pagesSkipped: UInt64 { number("pages_skipped_parent") }
  /// Pages written.
  public var pagesWritten: UInt64 { number("pages_written") }
  /// Pages left to be fetched later.
  public var pagesLazy: UInt64 { number("pages_lazy") }
}

/// What a restore took, from `stats-restore` (`restore_stats_entry`).
public struct RestoreStatistics: MessageView {
  /// `restore_stats_entry`.
  public static var schema: Schema { .restoreStatsEntry }
  /// The message.
  public var message: Message

  /// Shows a message.
  public init(_ message: Message) { self.message = message }

  /// Making the processes.
  public var forking: Duration { microseconds("forking_time") }
  /// All of it, until the tasks ran.
  public var total: Duration { microseconds("restore_time") }
  /// Pages compared with what was inherited from a parent process.
  public var pagesCompared: UInt64 { number("pages_compared") }
  /// Pages found to be inherited.
  public var pagesInherited: UInt64 { number("pages_skipped_cow") }
  /// Pages copied into memory.
  public var pagesRestored: UInt64 { number("pages_restored") }
}
