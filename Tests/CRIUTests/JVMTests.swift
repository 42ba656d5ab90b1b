import CRIU
import Linux
import TestBed
import Testing

/// A real JVM, dumped over RPC, read with this module and with `crit`, and restored.
@Suite(
  .serialized, .timeLimit(.minutes(2)),
  .enabled(if: Bed.isReady, "needs root, CAP_SYS_ADMIN and the CRIU bundle (make)"),
  .enabled(if: Bed.hasJava, "needs a JDK (java, javac)"))
struct JVMTests {
  /// Has sockets of all kinds, pipes with data, a selector, a deleted file, a timer; answers each
  /// connection with a count.
  private static let program = """
    import java.io.*; import java.net.*; import java.nio.*; import java.nio.channels.*;
    import java.nio.file.*; import java.util.Timer; import java.util.TimerTask;
    public class Busy {
      static byte[] secret = ("needle" + "-in-the-heap").getBytes();
      public static void main(String[] a) throws Exception {
        Path folder = Path.of(a[0]);
        Pipe pipe = Pipe.open();
        pipe.sink().write(ByteBuffer.wrap("left in a pipe".getBytes()));
        var local = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        local.bind(UnixDomainSocketAddress.of(folder.resolve("local.sock")));
        var client = SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve("local.sock")));
        var server = local.accept();
        client.write(ByteBuffer.wrap("left in a socket".getBytes()));
        Selector selector = Selector.open();
        local.configureBlocking(false); local.register(selector, SelectionKey.OP_ACCEPT);
        var datagram = DatagramChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
        var file = new RandomAccessFile(folder.resolve("gone").toFile(), "rw");
        file.write(new byte[70000]); Files.delete(folder.resolve("gone"));
        var shared = FileChannel.open(folder.resolve("mapped"), StandardOpenOption.CREATE,
          StandardOpenOption.READ, StandardOpenOption.WRITE)
          .map(FileChannel.MapMode.READ_WRITE, 0, 8192);
        shared.put(0, (byte) 7);
        new Timer(true).schedule(new TimerTask() { public void run() {} }, 1000, 1000);
        new Thread(() -> { try { selector.select(); } catch (Exception e) { } }).start();
        try (var listener = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
          Files.writeString(folder.resolve("port.new"), "" + listener.getLocalPort());
          Files.move(folder.resolve("port.new"), folder.resolve("port"));
          for (int count = 1; ; count++)
            try (var socket = listener.accept()) {
              socket.getOutputStream().write(("count " + count + "\\n").getBytes());
            }
        }
      }
    }
    """

  @Test func `a JVM is dumped, read in both ways, and goes on where it was`() async throws {
    try await Bed.withMountsAndFolder { folder in
      let images = folder / "images"
      try FileSystem.makeDirectory(images)
      let jvm = try Self.start(in: folder)
      let address = try #require(try Self.address(in: folder))
      #expect(try Self.ask(address) == "count 1\n")
      #expect(try Self.ask(address) == "count 2\n")
      var options = Bed.options(images, pid: jvm.pid)
      options.ghostLimit = 1 << 20
      options.tcpClose = true
      try Bed.client.dump(options, deadline: Bed.deadline)
      _ = try jvm.wait(deadline: Bed.deadline)
      try Self.checkViews(images, pid: jvm.pid)

      let back = try Bed.restore(images) { $0.tcpClose = true }
      #expect(back.pid == jvm.pid)
      #expect(try Self.ask(address) == "count 3\n")
      #expect(try ImageDirectory(images).restoreStatistics().pagesRestored > 1000)
      #expect(try back.killTree() == .signalled(.kill))

      if let tree = Bed.critTree {
        try FileSystem.remove(images / "stats-restore")
        let crit = Crit(tree: tree)
        for name in ["inventory.img", "files.img", "mm-\(jvm.pid).img"] {
          try crit.compareCommand(on: name, in: images)
        }
        #expect(try crit.compareAll(in: images) > 25)
      }
    }
  }

  /// Starts the JVM and waits until it has its port.
  private static func start(in folder: Path) throws -> Child {
    let source = folder / "Busy.java"
    try FileSystem.writeFile(source, Array(program.utf8), mode: 0o644, durable: false)
    let compiled = try Spawn("javac", ["-d", folder.string, source.string])
      .run(deadline: .after(.seconds(60)))
    #expect(compiled.isSuccess, "\(compiled.errorText)")
    var spawn = Spawn(
      "java",
      [
        "-XX:-UsePerfData", "-XX:+UseSerialGC", "-Xmx48m", "-cp", folder.string, "Busy",
        folder.string,
      ])
    spawn.newSession = true
    spawn.workingDirectory = .root
    return try spawn.start()
  }

  private static func address(in folder: Path) throws -> SocketAddress? {
    eventually(within: .seconds(30)) { FileSystem.exists(folder / "port") }
      ? SocketAddress("127.0.0.1:\(try FileSystem.readText(folder / "port"))") : nil
  }

  private static func ask(_ address: SocketAddress) throws -> String {
    let connection = try Descriptor.connect(to: address, deadline: Bed.deadline)
    return String(
      decoding: try connection.receive(upTo: 100, deadline: Bed.deadline), as: UTF8.self)
  }

  private static func checkViews(_ folder: Path, pid: Int32) throws {
    let images = try ImageDirectory(folder)
    let root = try #require(try images.processes().first)
    #expect(root.threads.count > 8)
    for tid in root.threads { #expect(try images.core(tid).credentials != nil) }
    let kinds = Set(try images.files().map(\.kind))
    #expect(kinds.isSuperset(of: ["REG", "INETSK", "UNIXSK", "PIPE", "EVENTPOLL"]))
    let memory = try images.memory(of: pid)
    let pagemap = try images.pagemap(of: pid)
    let pages = try FileSystem.status(folder / "pages-\(pagemap.pagesID).img")
    #expect(UInt64(pages.size) == pagemap.pagesLength)
    #expect(pagemap.image == (try images.image(.pagemap, id: UInt32(pid))))
    #expect(try find("needle-in-the-heap", in: images, pid: pid))
    let heap = try #require(memory.mappings.first { $0.status.contains(.anonymousPrivate) })
    #expect(heap.flags.contains(.private))
    let arguments = try images.readMemory(
      pid: pid, address: memory.arguments.lowerBound, length: memory.arguments.count)
    #expect(String(decoding: arguments, as: UTF8.self).contains("\u{0}Busy\u{0}"))
  }

  /// Whether a text lies in the private memory of a process.
  private static func find(_ text: String, in images: ImageDirectory, pid: Int32) throws -> Bool {
    let needle = Array(text.utf8)
    for mapping in try images.memory(of: pid).mappings
    where mapping.status.contains(.anonymousPrivate) && mapping.protection.contains(.write) {
      let length = Int(min(mapping.length, 64 << 20))
      let bytes = try images.readMemory(pid: pid, address: mapping.start, length: length)
      if bytes.firstRange(of: needle) != nil { return true }
    }
    return false
  }
}
