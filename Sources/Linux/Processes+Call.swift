import CLinux

/// System calls that another process is made to make.
extension Processes {
  /// Attaches a segment of System V to another process, in place of whatever is mapped there.
  ///
  /// The process's main thread makes the call, by ptrace, and then goes on as it was; if the process was stopped it
  /// stays so. The corresponding C function is `shmat` with SHM_REMAP. On x86-64 only.
  ///
  /// - Parameters:
  ///   - id: the segment.
  ///   - address: where; the beginning of a page.
  ///   - readOnly: whether the process cannot write it.
  ///   - pid: the process, of this user.
  /// - Throws: what speaks against it; `.noSystemCall` on other processors, `.timedOut` after five seconds.
  public static func attachSegment(
    _ id: Int32, at address: UInt64, readOnly: Bool, in pid: Int32
  ) throws(Errno) {
    let flags: UInt64 = 0o40000 | (readOnly ? 0o10000 : 0)
    let arguments = [UInt64(UInt32(bitPattern: id)), address, flags, 0, 0, 0]
    var value: Int64 = 0
    try checked(
      clinux_call_in(pid, try systemCallInstruction(in: pid), 30, arguments, &value))
    guard UInt64(bitPattern: value) == address else {
      throw Errno(rawValue: CInt(truncatingIfNeeded: -value))
    }
  }

  /// Where a process has the instruction `syscall`: in the kernel's own library, which every process has.
  private static func systemCallInstruction(in pid: Int32) throws(Errno) -> UInt64 {
    let maps = try FileSystem.readText(Path("/proc/\(pid)/maps"))
    guard let line = maps.split(separator: "\n").first(where: { $0.hasSuffix("[vdso]") }) else {
      throw .notSupported
    }
    let ends = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt64($0, radix: 16) }
    guard ends.count == 2, ends[0] < ends[1], ends[1] - ends[0] <= 1 << 20 else {
      throw .badMessage
    }
    let memory = try Descriptor.open(Path("/proc/\(pid)/mem"), .readOnly)
    let bytes = try memory.read(upTo: Int(ends[1] - ends[0]), at: Int64(ends[0]))
    let found = bytes.indices.dropLast().first { bytes[$0] == 0x0F && bytes[$0 + 1] == 0x05 }
    guard let found else { throw .notSupported }
    return ends[0] + UInt64(found)
  }
}
