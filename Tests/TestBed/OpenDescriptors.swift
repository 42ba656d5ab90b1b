import Linux

/// How many descriptors this process has open, without those of epoll, eventfd and timerfd.
///
/// Swift's own runtime makes one of each when it first needs them, at any moment. Other tests of
/// the process open descriptors as well: count in an exit test.
public func openDescriptors() -> Int {
  let events = ["anon_inode:[eventpoll]", "anon_inode:[eventfd]", "anon_inode:[timerfd]"]
  return Processes.openDescriptors(of: Host.processID).count { !events.contains($0.value) }
}

/// How many descriptors this process has open, of every kind; a few more or less from time to time.
public func allOpenDescriptors() -> Int {
  Processes.openDescriptors(of: Host.processID).count
}
