import Linux

/// Keeps a port of this machine from being taken by others, for as long as it is published.
///
/// It listens, so that whoever comes later is told; connections never reach it, because they are
/// sent on to the container before.
final class PortHolder: Sendable {
  private let socket: Descriptor
  /// The port, with the machine's port as it was chosen.
  let port: PublishedPort

  /// Takes the port.
  ///
  /// - Throws: `.portTaken`, with who has it where that can be seen.
  init(_ port: PublishedPort) throws(EngineError) {
    let address = port.hostSocket
    do {
      let socket = try Descriptor.listen(on: address, backlog: 16)
      var taken = port
      taken.hostPort = try socket.localAddress().port ?? port.hostPort
      self.socket = socket
      self.port = taken
    } catch .inUse {
      let owner = PortOwner.find(port.hostPort).map { "taken by \($0)" } ?? "taken"
      throw EngineError(
        .portTaken, address.description, owner,
        fix: "stop it, or publish another port: -p 0:\(port.containerPort) takes a free one")
    } catch .addressNotAvailable {
      throw EngineError(
        .badPort, address.description, "no address of this machine",
        fix: "`ip address` shows them; 0.0.0.0 stands for all")
    } catch {
      throw EngineError(
        error, trying: "listening", on: address.description, code: .networkFailed)
    }
  }

  /// Closes what connected in the moment before the rules were in force: it must not wait for ever.
  func turnAway() {
    // An error is that of a connection that is gone already.
    while let connection = (try? socket.accept(deadline: .after(.zero))) ?? nil {
      _ = connection
    }
  }
}

/// The process that listens on a port, as far as `/proc` tells.
enum PortOwner {
  /// `postgres (pid 812)`; nil if it cannot be seen.
  static func find(_ port: UInt16) -> String? {
    let sockets = Set(["tcp", "tcp6"].flatMap { listeners(on: port, in: Path("/proc/net") / $0) })
    guard !sockets.isEmpty else { return nil }
    for entry in Processes.table() {
      let open = Processes.openDescriptors(of: entry.pid).values
      if !sockets.isDisjoint(with: open) { return "\(entry.name) (pid \(entry.pid))" }
    }
    return nil
  }

  /// The sockets that listen on a port, as `/proc/PID/fd` names them.
  private static func listeners(on port: UInt16, in table: Path) -> [String] {
    // Not there: a kernel without that protocol.
    let text = (try? FileSystem.readText(table)) ?? ""
    return text.split(separator: "\n").dropFirst().compactMap { line in
      let fields = line.split(separator: " ")
      // Local address, state (0A: listening), inode.
      guard fields.count > 9, fields[3] == "0A",
        let colon = fields[1].lastIndex(of: ":"),
        UInt16(fields[1][fields[1].index(after: colon)...], radix: 16) == port
      else { return nil }
      return "socket:[\(fields[9])]"
    }
  }
}
