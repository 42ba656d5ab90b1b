import CRIU
import Linux

/// Mends sockets in CRIU's images whose file was renamed after they were bound.
///
/// HotSpot binds the socket of its attach mechanism (`jcmd`) as `/tmp/.java_pid1001.tmp` and then renames the file. The
/// kernel goes on telling the old name, CRIU finds no file there, and would make a new one at a thaw, owned by user 0,
/// which only a process with CAP_CHOWN may do. With the name that the file has now it is put where `jcmd` looks for it.
struct RenamedSockets {
  let directory: ImageDirectory
  /// The server's root folder.
  var root = Path.root

  /// Rewrites `files.img`, if it holds such a socket.
  func mend() throws {
    var image = try directory.image(named: "files.img")
    var isChanged = false
    for index in image.entries.indices {
      guard var socket = image.entries[index].message.message("usk"),
        let name = name(of: socket), let renamed = Self.newName(of: name, below: root),
        let status = try? FileSystem.linkStatus(root / renamed.string), status.kind == .socket
      else { continue }
      socket.set("name", bytes: Array(renamed.string.utf8) + [0])
      socket.set("deleted", flag: nil)
      var permissions = Message(.filePermsEntry)
      permissions.set("mode", number: 0o140000 | status.mode.rawValue)
      permissions.set("uid", number: status.owner)
      permissions.set("gid", number: status.group)
      socket.set("file_perms", message: permissions)
      image.entries[index].message.set("usk", message: socket)
      isChanged = true
    }
    if isChanged { try directory.write(image, named: "files.img") }
  }

  /// The path that a socket is bound to; nil for one without a name or with an abstract one.
  private func name(of socket: Message) -> Path? {
    let bytes = (socket.bytes("name") ?? []).prefix { $0 != 0 }
    return bytes.first == UInt8(ascii: "/") ? Path(String(decoding: bytes, as: UTF8.self)) : nil
  }

  /// What a file is called after a rename that this knows of, if it is no longer there by its old name.
  static func newName(of name: Path, below root: Path = .root) -> Path? {
    let text = name.string
    guard text.hasSuffix(".tmp"), name.lastComponent.hasPrefix(".java_pid"),
      !FileSystem.exists(root / name.string)
    else { return nil }
    return Path(String(text.dropLast(4)))
  }
}
