import Arguments
import Checkpoint
import Images

extension ValueKind where Value == String {
  /// The name or id of a container, one that has ended as well.
  static var anyContainer: ValueKind {
    ValueKind(
      "SERVER", expecting: "the name of a server", hint: .names(["ps", "--all", "--quiet"])
    ) { $0.isEmpty ? nil : $0 }
  }
}

/// What a name on the command line stands for: a container or a checkpoint.
enum Target {
  case container(ContainerRecord)
  case checkpoint(CheckpointStore.Stored)

  static let onlyContainer = Option(flag: "container", "The names are those of containers.")
  static let onlyCheckpoint = Option(flag: "checkpoint", "The names are those of checkpoints.")

  /// What may be meant.
  enum Kind {
    case container
    case checkpoint

    /// What the line asks for; nil for either.
    init?(_ parsed: Parsed) throws {
      if try parsed[onlyContainer] {
        self = .container
      } else if try parsed[onlyCheckpoint] {
        self = .checkpoint
      } else {
        return nil
      }
    }
  }

  /// Finds what has the name, or an id that begins so; a name goes before an id.
  static func find(_ text: String, _ kind: Kind?, in stock: Stock) throws -> Target {
    let container = kind == .checkpoint ? nil : try found { try stock.containers.find(text) }
    let checkpoint = kind == .container ? nil : try found { try stock.checkpoints.stored(text) }
    switch (container, checkpoint) {
    case (let container?, nil): return .container(container)
    case (nil, let checkpoint?): return .checkpoint(checkpoint)
    case (let container?, let checkpoint?):
      let isNamed = (container.name == text, checkpoint.names.contains(text))
      if isNamed == (true, false) { return .container(container) }
      if isNamed == (false, true) { return .checkpoint(checkpoint) }
      throw Failure(
        Failure.failed,
        "\(text): both a container (\(container.id)) and a checkpoint "
          + "(\(checkpoint.id.prefix(12))) are called so; add --container or --checkpoint")
    case (nil, nil):
      throw Failure(Failure.notFound, "\(text): \(missing(kind))")
    }
  }

  private static func missing(_ kind: Kind?) -> String {
    switch kind {
    case .container: "no container of that name or id; `thaw ps --all` shows what there is"
    case .checkpoint: "no checkpoint of that name or id; `thaw ls` shows what there is"
    case nil:
      "no checkpoint and no container of that name or id; `thaw ls` and `thaw ps --all` show what "
        + "there is"
    }
  }

  /// Nil for what is not there; one text that fits several ids is an error of its own.
  private static func found<Value>(_ body: () throws -> Value) throws -> Value? {
    do {
      return try body()
    } catch let error as EngineError where error.code == .noSuchContainer {
      guard !error.cause.contains("begin with") else { throw error }
      return nil
    } catch let error as CheckpointError where error.code == .notFound {
      guard !error.cause.contains("begin with") else { throw error }
      return nil
    }
  }
}
