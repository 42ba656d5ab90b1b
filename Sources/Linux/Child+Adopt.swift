import CLinux

extension Child {
  /// Takes over a process that became a child of this one without ``Spawn``: restored by CRIU, or
  /// left by a parent that ended.
  ///
  /// Throws `.noSuchProcess` if there is none of that number.
  public init(adopting pid: Int32) throws(Errno) {
    let raw = try checked(clinux_pidfd_open(pid))
    self.init(pid: pid, descriptor: Descriptor(owning: raw))
  }
}
