import Linux
import TestBed
import Testing

/// A tracer to whom no process has seccomp filters.
@Suite(.timeLimit(.minutes(1)), .enabled(if: Machine.has("python3"), "needs Python"))
struct HiddenFiltersTests {
  /// Traces a child that has a filter, and says what the requests about filters give: result and errno.
  ///
  /// The child confines itself with a filter of one instruction that allows everything.
  private static let tracer = """
    import ctypes, os, platform, signal, struct, sys
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    libc.ptrace.restype = ctypes.c_long
    def trace(request, pid, address=None, data=None):
        ctypes.set_errno(0)
        result = libc.ptrace(request, pid, address, data)
        return "%d/%d" % (result, ctypes.get_errno())
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        allow = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7fff0000))
        program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", 1, ctypes.addressof(allow)))
        libc.prctl(38, 1, 0, 0, 0)
        libc.prctl(22, 2, program, 0, 0)
        os.write(writer, b"x")
        signal.pause()
    os.read(reader, 1)
    # SEIZE, INTERRUPT, and then what CRIU asks
    said = [trace(0x4206, child), trace(0x4207, child)]
    os.waitpid(child, 0x40000000)
    room = ctypes.create_string_buffer(32768)
    said.append(trace(0x420c, child, 0, room))
    said.append(trace(0x420d, child, 16, room))
    said.append(trace(0x4200, child, None, 1 << 21 | 1))
    said.append(trace(0x4200, child, None, 1))
    said.append(open("/proc/%d/status" % child).read().split("TracerPid:")[1].split()[0] != "0")
    os.kill(child, signal.SIGKILL)
    print(*said)
    """

  @Test func `finds none, suspends none, and traces as ever`() throws {
    var spawn = Spawn("python3", ["-c", Self.tracer])
    spawn.hidesFilters = true
    // The kernel would refuse all three of it without this right.
    if Machine.isRoot {
      spawn.ambientCapabilities = []
      spawn.boundingCapabilities = []
    }
    let finished = try spawn.run(deadline: .after(.seconds(30)))
    #expect(finished.isSuccess, "\(finished.errorText)")
    #expect(finished.text == "0/0 0/0 -1/2 -1/2 0/0 0/0 True\n")
  }

  @Test func `goes on to what the program starts, and needs no right`() throws {
    var spawn = Spawn("sh", ["-c", "grep -E 'NoNewPrivs|Seccomp:' /proc/self/status"])
    spawn.hidesFilters = true
    let finished = try spawn.run(deadline: .after(.seconds(30)))
    #expect(finished.text == "NoNewPrivs:\t1\nSeccomp:\t2\n")
  }
}
