import CRIU
import Linux

/// The seccomp filters that a server has from its container: they belong to that, not to the server.
///
/// CRIU dumps them with each thread. At a thaw the next container gives its own, and each generation would have one more.
struct ContainerFilters {
  /// How many the container has.
  let count: Int

  /// Takes them out of images.
  ///
  /// - Throws: ``InitFailure`` with `.cannotHibernate` if a thread has another number of filters.
  func strip(from directory: ImageDirectory) throws {
    let name = ImageType.seccomp.fileName()
    guard directory.has(name) else { return }
    let lengths = try lengths(in: directory)
    for process in try directory.processes() {
      for thread in process.threads {
        // Where all threads have the same filters, CRIU notes them with the first alone.
        let allowed = thread == process.pid ? [count] : [count, 0]
        try strip(thread, lengths, allowed, directory)
      }
    }
    try FileSystem.remove(directory.path / name)
  }

  /// Takes out what CRIU notes of threads whose filters were hidden from it (``Client/hidesFilters``): that they have
  /// some, though it found none.
  static func stripHidden(from directory: ImageDirectory) throws {
    for process in try directory.processes() {
      for thread in process.threads {
        let name = ImageType.core.fileName(id: UInt32(bitPattern: thread))
        var image = try directory.image(named: name, type: .core)
        guard var core = image.entries.first?.message, var inner = core.message("thread_core"),
          inner.number("seccomp_mode") != nil
        else { continue }
        clear(&core, &inner)
        image.entries[0].message = core
        try FileSystem.writeFile(directory.path / name, image.encoded(), mode: 0o600)
      }
    }
    let name = ImageType.seccomp.fileName()
    if directory.has(name) { try FileSystem.remove(directory.path / name) }
  }

  private static func clear(_ core: inout Message, _ inner: inout Message) {
    inner.set("seccomp_mode", number: UInt32?.none)
    inner.set("seccomp_filter", number: UInt32?.none)
    core.set("thread_core", message: inner)
    guard var task = core.message("tc") else { return }
    task.set("old_seccomp_mode", number: UInt32?.none)
    task.set("old_seccomp_filter", number: UInt32?.none)
    core.set("tc", message: task)
  }

  private func strip(
    _ thread: Int32, _ lengths: [Int], _ allowed: [Int], _ directory: ImageDirectory
  ) throws {
    let name = ImageType.core.fileName(id: UInt32(bitPattern: thread))
    var image = try directory.image(named: name, type: .core)
    guard var core = image.entries.first?.message, var inner = core.message("thread_core") else {
      return
    }
    let last = inner.number("seccomp_filter").map { Int($0) }
    let found = last.map { lengths.indices.contains($0) ? lengths[$0] : -1 } ?? 0
    guard allowed.contains(found) else {
      throw InitFailure(
        .cannotHibernate,
        "thread \(thread) has \(found) seccomp filters, its container \(count)",
        fix: "turn the server's own sandbox off; the container confines it already")
    }
    guard last != nil else { return }
    Self.clear(&core, &inner)
    image.entries[0].message = core
    // Made durable with all else of the checkpoint.
    try FileSystem.writeFile(directory.path / name, image.encoded(), mode: 0o600)
  }

  /// How many filters the chain of each has, itself counted.
  private func lengths(in directory: ImageDirectory) throws -> [Int] {
    let filters =
      try directory.image(.seccomp).entries.first?.message
      .messages("seccomp_filters") ?? []
    var lengths: [Int] = []
    for filter in filters {
      // A chain leads to filters that were installed before, which come first.
      let before = filter.number("prev").map { Int($0) }
      lengths.append(
        1 + (before.map { lengths.indices.contains($0) ? lengths[$0] : 1 << 16 } ?? 0))
    }
    return lengths
  }
}
