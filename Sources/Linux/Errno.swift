import CLinux
import Glibc

/// An error number of the kernel.
///
/// Every function of this module that makes a system call throws it, and nothing else.
public struct Errno: RawRepresentable, Error, Hashable, Sendable, CustomStringConvertible {
  /// The number, always positive.
  public let rawValue: CInt

  /// Makes an error of a number as `errno` has it.
  public init(rawValue: CInt) {
    self.rawValue = rawValue
  }

  /// The kernel's own name, such as `ENOENT`.
  public var name: String {
    clinux_error_name(rawValue).map { String(cString: $0) } ?? "E\(rawValue)"
  }

  /// The text and the name, such as `No such file or directory (ENOENT)`.
  public var description: String {
    let text = clinux_error_text(rawValue).map { String(cString: $0) } ?? "Unknown error"
    return "\(text) (\(name))"
  }
}

/// The numbers that this project names.
extension Errno {
  /// EPERM: the caller lacks a capability.
  public static let permission = Errno(rawValue: EPERM)
  /// ENOENT: no such file or folder.
  public static let noEntry = Errno(rawValue: ENOENT)
  /// ESRCH: no such process.
  public static let noSuchProcess = Errno(rawValue: ESRCH)
  /// EINTR: a signal came first.
  public static let interrupted = Errno(rawValue: EINTR)
  /// EIO: the device failed.
  public static let inputOutput = Errno(rawValue: EIO)
  /// E2BIG: the arguments or the value are too long.
  public static let tooBig = Errno(rawValue: E2BIG)
  /// ENOEXEC: not a program that the kernel can run.
  public static let notExecutable = Errno(rawValue: ENOEXEC)
  /// EBADF: not an open descriptor.
  public static let badDescriptor = Errno(rawValue: EBADF)
  /// ECHILD: no such child, or it was reaped already.
  public static let noChild = Errno(rawValue: ECHILD)
  /// EAGAIN: it would have to wait.
  public static let again = Errno(rawValue: EAGAIN)
  /// ENOMEM: out of memory.
  public static let noMemory = Errno(rawValue: ENOMEM)
  /// EACCES: the file's mode does not allow it.
  public static let access = Errno(rawValue: EACCES)
  /// EBUSY: in use, for example as a mount point.
  public static let busy = Errno(rawValue: EBUSY)
  /// EEXIST: it exists already.
  public static let exists = Errno(rawValue: EEXIST)
  /// EXDEV: not on the same file system.
  public static let crossDevice = Errno(rawValue: EXDEV)
  /// ENODEV: no such device, or no such file system type.
  public static let noDevice = Errno(rawValue: ENODEV)
  /// ENOTDIR: not a folder.
  public static let notDirectory = Errno(rawValue: ENOTDIR)
  /// EISDIR: a folder.
  public static let isDirectory = Errno(rawValue: EISDIR)
  /// EINVAL: an argument that the kernel does not take.
  public static let invalid = Errno(rawValue: EINVAL)
  /// EMFILE: this process has too many open descriptors.
  public static let tooManyOpen = Errno(rawValue: EMFILE)
  /// ENOTTY: not a terminal.
  public static let notTerminal = Errno(rawValue: ENOTTY)
  /// ETXTBSY: a running program cannot be written.
  public static let textBusy = Errno(rawValue: ETXTBSY)
  /// EFBIG: the file would be too large.
  public static let fileTooLarge = Errno(rawValue: EFBIG)
  /// ENOSPC: the disk is full.
  public static let noSpace = Errno(rawValue: ENOSPC)
  /// ESPIPE: a pipe or socket has no position.
  public static let illegalSeek = Errno(rawValue: ESPIPE)
  /// EROFS: the file system is read-only.
  public static let readOnlyFileSystem = Errno(rawValue: EROFS)
  /// EPIPE: the other end is closed.
  public static let brokenPipe = Errno(rawValue: EPIPE)
  /// ERANGE: the result does not fit.
  public static let outOfRange = Errno(rawValue: ERANGE)
  /// ENAMETOOLONG: a name of more than 255 bytes, or a path of more than 4095.
  public static let nameTooLong = Errno(rawValue: ENAMETOOLONG)
  /// ENOSYS: the kernel has no such call, or a seccomp filter hides it.
  public static let noSystemCall = Errno(rawValue: ENOSYS)
  /// ENOTEMPTY: the folder is not empty.
  public static let notEmpty = Errno(rawValue: ENOTEMPTY)
  /// ELOOP: too many symbolic links, or one where none may be.
  public static let symbolicLinkLoop = Errno(rawValue: ELOOP)
  /// ENODATA: no such extended attribute.
  public static let noData = Errno(rawValue: ENODATA)
  /// EOVERFLOW: a number does not fit.
  public static let overflow = Errno(rawValue: EOVERFLOW)
  /// EBADMSG: not the message that was expected.
  public static let badMessage = Errno(rawValue: EBADMSG)
  /// EPROTO: the other side broke the protocol.
  public static let protocolError = Errno(rawValue: EPROTO)
  /// ENOTSOCK: not a socket.
  public static let notSocket = Errno(rawValue: ENOTSOCK)
  /// EMSGSIZE: the packet is too long.
  public static let messageTooLong = Errno(rawValue: EMSGSIZE)
  /// EOPNOTSUPP: this file system or socket cannot do it.
  public static let notSupported = Errno(rawValue: EOPNOTSUPP)
  /// EADDRINUSE: the port or the path is taken.
  public static let inUse = Errno(rawValue: EADDRINUSE)
  /// EADDRNOTAVAIL: no such address on this machine.
  public static let addressNotAvailable = Errno(rawValue: EADDRNOTAVAIL)
  /// ENETUNREACH: no way to that network.
  public static let networkUnreachable = Errno(rawValue: ENETUNREACH)
  /// ECONNABORTED: the connection was given up.
  public static let connectionAborted = Errno(rawValue: ECONNABORTED)
  /// ECONNRESET: the other end closed while it was being written to.
  public static let connectionReset = Errno(rawValue: ECONNRESET)
  /// ENOTCONN: the socket is not connected.
  public static let notConnected = Errno(rawValue: ENOTCONN)
  /// ETIMEDOUT: the deadline passed.
  public static let timedOut = Errno(rawValue: ETIMEDOUT)
  /// ECONNREFUSED: nobody listens there.
  public static let connectionRefused = Errno(rawValue: ECONNREFUSED)
  /// EHOSTUNREACH: no way to that host.
  public static let hostUnreachable = Errno(rawValue: EHOSTUNREACH)
  /// EALREADY: it is under way already.
  public static let already = Errno(rawValue: EALREADY)
  /// EINPROGRESS: it goes on by itself.
  public static let inProgress = Errno(rawValue: EINPROGRESS)
  /// ESTALE: the file handle is no longer valid.
  public static let stale = Errno(rawValue: ESTALE)
  /// EDQUOT: the user's share of the disk is used up.
  public static let quota = Errno(rawValue: EDQUOT)
  /// ECANCELED: it was cancelled.
  public static let cancelled = Errno(rawValue: ECANCELED)
}

/// Calls a C function that tells an error by -1 and `errno`, again for as long as signals interrupt
/// it.
@inline(__always)
@discardableResult
func retrying<Value: SignedInteger>(_ body: () -> Value) throws(Errno) -> Value {
  while true {
    let value = body()
    guard value == -1 else { return value }
    let error = Errno(rawValue: errno)
    guard error == .interrupted else { throw error }
  }
}

/// Takes the result of a shim: a value, or `-errno`.
@inline(__always)
@discardableResult
func checked(_ result: CInt) throws(Errno) -> CInt {
  guard result >= 0 else { throw Errno(rawValue: -result) }
  return result
}
