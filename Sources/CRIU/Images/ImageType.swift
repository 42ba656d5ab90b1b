/// A kind of image file: its magic number, the messages in it, and what lies between them.
///
/// The table of all kinds is made from CRIU's own (`criu/include/magic.h`, pycriu's `images.py`).
public struct ImageType: Sendable {
  /// CRIU's name, which `crit` shows as `magic`.
  public let name: String
  /// The number at the start of the file.
  public let magic: UInt32
  /// The message that the entries are; of a pagemap and of a ghost file, the first entry.
  public let schema: Schema
  /// The file's name without `.img`, with `%u` or `%x` for its id.
  let file: String
  /// What follows each message.
  let extra: Extra
  /// How the entries follow each other.
  let layout: Layout
  /// Whether CRIU can do without it (statistics, caches); such files start with another common
  /// number.
  let isService: Bool

  /// What follows a message in the file.
  enum Extra: Sendable {
    /// Nothing.
    case none
    /// As many bytes as these fields of the message say together.
    case sum([String])
    /// A TCP socket's receive and send queues.
    case queues
    /// The values of a set of semaphores, filled up to eight bytes.
    case semaphores
    /// The messages of a queue, each with its data.
    case messages
    /// A shared segment's memory, unless that is in a pagemap.
    case segment

    /// As many bytes as these fields of the message say together.
    static func bytes(_ fields: String...) -> Extra { .sum(fields) }
  }

  /// How entries follow each other.
  enum Layout: Sendable {
    /// All of one message.
    case entries
    /// A `pagemap_head`, then messages `pagemap_entry`.
    case pages
    /// A `ghost_file_entry`, then the file's content, or messages `ghost_chunk_entry` with pieces
    /// of it.
    case ghost
  }

  /// Declares a kind.
  init(
    _ name: String, _ magic: UInt32, _ schema: Schema, file: String, extra: Extra = .none,
    layout: Layout = .entries, isService: Bool = false
  ) {
    self.name = name
    self.magic = magic
    self.schema = schema
    self.file = file
    self.extra = extra
    self.layout = layout
    self.isService = isService
  }

  /// The name of the file that holds the images of a task, file or namespace; `id` is left out
  /// where there is one a dump.
  public func fileName(id: UInt32 = 0) -> String {
    let parts = file.split(separator: "%", maxSplits: 1)
    guard parts.count == 2, let form = parts[1].first else { return file + ".img" }
    return parts[0] + String(id, radix: form == "x" ? 16 : 10) + parts[1].dropFirst() + ".img"
  }

  /// Whether there is one file a task, file or namespace.
  public var isNumbered: Bool { file.contains("%") }

  /// The kind that CRIU calls so, `nil` for a strange name.
  public init?(named name: String) {
    guard let type = ImageType.allCases.first(where: { $0.name == name }) else { return nil }
    self = type
  }
}

extension ImageType: Hashable {
  /// Two kinds are the same if their magic numbers are.
  public static func == (left: ImageType, right: ImageType) -> Bool { left.magic == right.magic }

  /// Hashes the magic number.
  public func hash(into hasher: inout Hasher) { hasher.combine(magic) }
}
