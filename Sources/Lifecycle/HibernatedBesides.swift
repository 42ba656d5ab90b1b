import CRIU
import Linux

/// What a hibernation keeps besides CRIU's images: files in the container's memory, objects of System V.
struct HibernatedBesides {
  /// The checkpoint's folder.
  let folder: Path
  /// The container's root folder.
  let root: Path
  /// The container's first process.
  let pidfd: Int32
  /// Whom the server runs as, who puts it all back at a thaw.
  let user: UInt32
  let group: UInt32

  /// Whether processes have shared memory of System V attached.
  func hasSharedMemory() throws(InitFailure) -> Bool {
    try inside { () throws(InitFailure) in
      try system("looking for System V shared memory") { () throws(Errno) in
        try SystemVState.isAttached()
      }
    }
  }

  /// Takes all of it, while the server stands still, and out of the images what CRIU would bring back itself.
  func take(_ images: Path) throws {
    try KeptFolders(checkpoint: folder, root: root).take()
    let state = try inside { () throws(InitFailure) in
      try SystemVState.take(to: folder, user: user)
    }
    if let state {
      try SystemVImages(directory: try ImageDirectory(images)).takeOut(state).write(folder)
    }
    let kept = SystemVState.folder(folder)
    guard FileSystem.exists(kept) else { return }
    // What lies in the kept folders has its owners already; the rest was made by this process.
    for path in [kept] + (try FileSystem.list(kept).map { kept / $0 }) {
      try FileSystem.changeOwner(path, user: user, group: group)
    }
  }

  /// Runs a function with the calling thread in the container's IPC namespace.
  private func inside<Value>(
    _ body: () throws(InitFailure) -> Value
  ) throws(InitFailure) -> Value {
    let home = try system("opening this IPC namespace") { () throws(Errno) in
      try Descriptor.open("/proc/thread-self/ns/ipc", .readOnly)
    }
    try system("entering the container's IPC namespace") { () throws(Errno) in
      try BorrowedDescriptor(pidfd).use { (process) throws(Errno) in
        try Namespaces.enter(process, .ipc)
      }
    }
    let result: Result<Value, InitFailure>
    do throws(InitFailure) {
      result = .success(try body())
    } catch {
      result = .failure(error)
    }
    try system("leaving the container's IPC namespace") { () throws(Errno) in
      try Namespaces.enter(home, .ipc)
    }
    return try result.get()
  }
}
