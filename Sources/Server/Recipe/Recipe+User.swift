package import Linux

extension Recipe {
  /// Whose rights a server has: numbers, or names of the image's `/etc/passwd` and `/etc/group`.
  package struct User: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
      case number(UInt32)
      case name(String)
    }

    private let user: Part
    private let group: Part?

    /// User 0, group 0.
    package static let root = User(user: .number(0), group: .number(0))

    /// Numbers that the kernel understands.
    package struct Identity: Hashable, Sendable {
      /// The user.
      package var user: UInt32
      /// The group.
      package var group: UInt32
      /// The other groups, without `group`.
      package var supplementaryGroups: [UInt32]
      /// The home folder, nil when `/etc/passwd` does not tell.
      package var home: Path?
    }
  }
}

extension Recipe.User: LosslessStringConvertible {
  /// Reads `uid`, `uid:gid`, `name`, `name:group`; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(Self.part)
    guard (1...2).contains(parts.count), let user = parts[0] else { return nil }
    guard parts.count == 1 || parts[1] != nil else { return nil }
    self.init(user: user, group: parts.count == 2 ? parts[1] : nil)
  }

  private static func part(_ text: Substring) -> Part? {
    guard let first = text.utf8.first, text.utf8.count <= 100 else { return nil }
    if (0x30...0x39).contains(first) {
      // The highest number means "leave as it is" to the kernel.
      return UInt32(text).flatMap { $0 == .max ? nil : .number($0) }
    }
    let isName = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"/,".utf8.contains($0) }
    return isName && first != UInt8(ascii: "-") && first != UInt8(ascii: "+")
      ? .name(String(text)) : nil
  }

  /// The text that reads back as the same user.
  package var description: String {
    [user, group].compactMap { part in
      switch part {
      case .number(let number): String(number)
      case .name(let name): name
      case nil: nil
      }
    }.joined(separator: ":")
  }
}

extension Recipe.User {
  /// The numbers, looked up below `root`.
  ///
  /// Without a group the user has that of `/etc/passwd` and all others that it belongs to, or group
  /// 0 when it is not known there, as in Docker; with a group it has that one alone.
  /// - Throws: `RecipeError` when a name is not there.
  package func resolve(root: Path = .root) throws(RecipeError) -> Identity {
    let database = UserDatabase(root: root)
    let number: UInt32
    let account: UserDatabase.User?
    switch user {
    case .number(let given):
      number = given
      account = database.user(given)
    case .name(let name):
      guard let found = database.user(named: name) else {
        throw RecipeError("\(root / "etc/passwd")", "no user `\(name)` here")
      }
      number = found.uid
      account = found
    }
    var identity = Identity(user: number, group: 0, supplementaryGroups: [], home: account?.home)
    switch group {
    case .number(let given): identity.group = given
    case .name(let name):
      guard let found = database.group(named: name) else {
        throw RecipeError("\(root / "etc/group")", "no group `\(name)` here")
      }
      identity.group = found.gid
    case nil:
      guard let account else { break }
      identity.group = account.gid
      identity.supplementaryGroups = database.supplementaryGroups(of: account)
    }
    return identity
  }
}

extension Recipe.User: Codable {
  /// Decodes the text form.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let user = Self(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected a user such as 20000:20000")
    }
    self = user
  }

  /// Encodes the text form.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
