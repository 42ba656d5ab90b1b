/// The users and groups of a file system: its `/etc/passwd` and `/etc/group`.
///
/// A static executable cannot ask glibc, and the users of an image are not those of the host.
public struct UserDatabase: Sendable {
  /// A line of `/etc/passwd`.
  public struct User: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Its number.
    public let uid: UInt32
    /// The number of its first group.
    public let gid: UInt32
    /// Its folder.
    public let home: Path
    /// Its shell.
    public let shell: Path
  }

  /// A line of `/etc/group`.
  public struct Group: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Its number.
    public let gid: UInt32
    /// The names of those who belong to it besides their first group.
    public let members: [String]
  }

  /// The users in the order of the file.
  public let users: [User]
  /// The groups in the order of the file.
  public let groups: [Group]

  /// Reads the files below a root folder; files that are not there count as empty.
  public init(root: Path = .root) {
    // Images without these files are common.
    let passwd = (try? FileSystem.readText(root / "etc/passwd")) ?? ""
    let group = (try? FileSystem.readText(root / "etc/group")) ?? ""
    self.init(passwd: passwd, group: group)
  }

  /// Reads the text of both files; lines that make no sense are passed over.
  public init(passwd: String, group: String) {
    users = passwd.split(whereSeparator: \.isNewline).compactMap { line in
      let fields = line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      guard fields.count >= 4, !fields[0].isEmpty, let uid = UInt32(fields[2]),
        let gid = UInt32(fields[3])
      else { return nil }
      return User(
        name: fields[0], uid: uid, gid: gid,
        home: Path(fields.count > 5 && !fields[5].isEmpty ? fields[5] : "/"),
        shell: Path(fields.count > 6 && !fields[6].isEmpty ? fields[6] : "/bin/sh"))
    }
    groups = group.split(whereSeparator: \.isNewline).compactMap { line in
      let fields = line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      guard fields.count >= 3, !fields[0].isEmpty, let gid = UInt32(fields[2]) else { return nil }
      let members = fields.count > 3 ? fields[3].split(separator: ",").map(String.init) : []
      return Group(name: fields[0], gid: gid, members: members)
    }
  }

  /// The first user of a name.
  public func user(named name: String) -> User? { users.first { $0.name == name } }

  /// The first user of a number.
  public func user(_ uid: UInt32) -> User? { users.first { $0.uid == uid } }

  /// The first group of a name.
  public func group(named name: String) -> Group? { groups.first { $0.name == name } }

  /// The groups that a user belongs to besides its first one, sorted.
  public func supplementaryGroups(of user: User) -> [UInt32] {
    Set(groups.filter { $0.members.contains(user.name) && $0.gid != user.gid }.map(\.gid)).sorted()
  }

  /// The user that `user[:group]` means, by names or numbers; nil if a name is not known.
  ///
  /// A number need not be in the files; its group is then that of its user there, or 0, as in
  /// docker.
  public func resolve(_ text: String) -> (uid: UInt32, gid: UInt32)? {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, !first.isEmpty else { return nil }
    let known = user(named: String(first)) ?? UInt32(first).flatMap { user($0) }
    guard let uid = known?.uid ?? UInt32(first) else { return nil }
    guard parts.count == 2 else { return (uid, known?.gid ?? 0) }
    guard let gid = group(named: String(parts[1]))?.gid ?? UInt32(parts[1]) else { return nil }
    return (uid, gid)
  }
}
