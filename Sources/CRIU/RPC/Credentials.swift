public import Linux

/// Whom a CRIU runs as, and with which capabilities.
///
/// A process of another user than root is best dumped under that user: as root, CRIU needs
/// CAP_SYS_RESOURCE to ask for its limits. CRIU without CAP_SYS_ADMIN must be given
/// ``Options/unprivileged``.
public struct Credentials: Hashable, Sendable {
  /// The user.
  public var user: UInt32
  /// The group.
  public var group: UInt32
  /// The further groups.
  public var supplementaryGroups: [UInt32]
  /// Exactly what CRIU may do.
  public var ambientCapabilities: Set<Capability>

  /// Describes whom to run as.
  public init(
    user: UInt32, group: UInt32, supplementaryGroups: [UInt32] = [],
    ambientCapabilities: Set<Capability> = []
  ) {
    self.user = user
    self.group = group
    self.supplementaryGroups = supplementaryGroups
    self.ambientCapabilities = ambientCapabilities
  }

  /// Puts them into a start.
  func apply(to spawn: inout Spawn) {
    spawn.user = user
    spawn.group = group
    spawn.supplementaryGroups = supplementaryGroups
    spawn.ambientCapabilities = ambientCapabilities
    // At execve the kernel gives user 0 whatever the bounding set allows.
    if user == 0 { spawn.boundingCapabilities = ambientCapabilities }
  }
}
