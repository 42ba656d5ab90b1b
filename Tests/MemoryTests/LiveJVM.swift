import Linux
import TestBed
import Testing

@testable import Memory

/// A JVM that was started for a test: it has a full heap, native memory in several arenas, loaded
/// classes and compiled code, and stands still.
struct LiveJVM: ~Copyable {
  /// A JDK, by where it lies.
  struct Kit: Sendable, CustomTestStringConvertible {
    let version: Int
    /// The tree that it runs in; nil for this machine.
    let tree: Path?

    var testDescription: String { "JDK \(version)" }

    /// The program; in the tree, if it has one.
    var java: String {
      tree == nil ? "java" : "/usr/lib/jvm/java-\(version)-openjdk-amd64/bin/java"
    }

    /// This machine's, and those of the tree that `Setup/tree.sh jdks` makes.
    static let all: [Kit] = [Kit(version: 17, tree: nil)] + others

    private static let others: [Kit] = {
      let told = Spawn.ownEnvironment()["THAW_JDKS"].map { Path($0) }
      let tree = told ?? "/var/cache/thaw/jdks"
      return [21, 25].filter {
        Machine.canMount && FileSystem.exists(tree / "usr/lib/jvm/java-\($0)-openjdk-amd64")
      }.map { Kit(version: $0, tree: tree) }
    }()
  }

  /// Whether there is a JDK to start and compile with.
  static let isPossible = Machine.has("java", "javac") && Machine.isRoot

  let child: Child
  private let input: Pipe
  private let output: Descriptor

  /// Starts it and waits until it stands still.
  ///
  /// - Parameters:
  ///   - kit: which JDK.
  ///   - options: for `java`.
  ///   - heap: how many MiB of objects it keeps.
  ///   - native: how many MiB of malloc's memory it keeps.
  ///   - prefix: words before `java`, such as `setpriv`; they must end in `execve`.
  /// - Throws: what kept it from starting.
  init(
    _ kit: Kit, _ options: [String] = [], heap: Int = 64, native: Int = 16,
    prefix: [String] = []
  ) throws {
    let folder = try #require(CompiledProgram.folder, "the test lacks the trait")
    let words = ["-cp", kit.tree == nil ? folder.string : "/mnt", "Still", "\(heap)", "\(native)"]
    var command = prefix + [kit.java, "-XX:-UsePerfData"] + options + words
    if let tree = kit.tree {
      let script = """
        mount -t proc proc "$1/proc" && mount -t sysfs sysfs "$1/sys" && mount -t tmpfs tmpfs "$1/tmp" \
        && mount --bind "$0" "$1/mnt" && exec chroot "$@"
        """
      let shell = ["--propagation", "private", "sh", "-c", script, folder.string, tree.string]
      command = ["unshare", "-m"] + shell + command
    }
    var spawn = Spawn(Path(command[0]), Array(command.dropFirst()))
    let input = try Pipe()
    let output = try Pipe()
    spawn.descriptors = [0: input.reader.rawValue, 1: output.writer.rawValue]
    spawn.newSession = true
    spawn.environment["JAVA_TOOL_OPTIONS"] = nil
    let child = try spawn.start()
    let reader = output.intoReader()
    do {
      try Self.waitUntilReady(reader)
    } catch {
      _ = try? child.killTree()  // the first error is the one to tell
      throw error
    }
    self.child = child
    self.input = input
    self.output = reader
  }

  private static func waitUntilReady(_ output: borrowing Descriptor) throws {
    var text = ""
    let deadline = Deadline.after(.seconds(60))
    while !text.contains("still") {
      let isReadable = try output.poll(for: .readable, deadline: deadline)
      let more = isReadable ? try output.read(upTo: 4096) : []
      text += String(decoding: more, as: UTF8.self)
      try #require(!more.isEmpty, "the JVM did not start: \(text)")
    }
  }

  var pid: Int32 { child.pid }

  /// Ends it, whatever it does, and removes the socket that it leaves then.
  borrowing func end() throws {
    _ = try child.killTree()
    let socket = Path("/tmp/.java_pid\(pid)")
    if FileSystem.exists(socket) { try FileSystem.remove(socket) }
  }

  /// Puts the class of the program into a folder.
  fileprivate static func compile(in folder: Path) throws {
    let source = folder / "Still.java"
    try FileSystem.writeFile(source, Array(program.utf8))
    let done = try Spawn("javac", ["--release", "17", "-d", folder.string, source.string])
      .run(deadline: .after(.seconds(60)))
    try #require(done.isSuccess, "\(done.errorText)")
  }

  /// Ends when its input does, so that it never outlives the test.
  private static let program = """
    import java.nio.ByteBuffer; import java.util.*; import java.util.concurrent.*;
    import java.util.regex.*; import java.util.stream.*;
    public class Still {
      static final List<Object> kept = Collections.synchronizedList(new ArrayList<>());
      public static void main(String[] words) throws Exception {
        int heap = Integer.parseInt(words[0]), nativeMemory = Integer.parseInt(words[1]);
        for (int i = 0; i < heap * 16; i++) {
          byte[] block = new byte[65500];
          for (int j = 0; j < block.length; j += 64) block[j] = (byte) (i + j);
          kept.add(block);
        }
        var threads = Executors.newFixedThreadPool(4);
        var done = new ArrayList<Future<?>>();
        for (int t = 0; t < 4; t++)
          done.add(threads.submit(() -> {
            for (int i = 0; i < nativeMemory * 8; i++) {
              var buffer = ByteBuffer.allocateDirect(32 << 10);
              for (int j = 0; j < buffer.capacity(); j += 512) buffer.put(j, (byte) j);
              // Some are freed again, so that the arenas have lists.
              if (i % 4 != 0) kept.add(buffer);
            }
          }));
        for (var one : done) one.get();
        var text = IntStream.range(0, 20000).mapToObj(Integer::toString)
          .collect(Collectors.joining(","));
        kept.add(Pattern.compile("\\\\d+").matcher(text).results().map(MatchResult::group)
          .collect(Collectors.groupingBy(String::length, TreeMap::new, Collectors.counting())));
        System.gc();
        System.out.println("still");
        System.out.flush();
        System.in.read();
        System.exit(0);
      }
    }
    """
}

/// Compiles the program once for all tests of a suite, or for all cases of a test.
struct CompiledProgram: SuiteTrait, TestTrait, TestScoping {
  /// Where its class lies.
  @TaskLocal static var folder: Path?

  @concurrent func provideScope(
    for test: Test, testCase: Test.Case?,
    performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    try await withTemporaryDirectory { folder in
      try LiveJVM.compile(in: folder)
      try await Self.$folder.withValue(folder) { try await function() }
    }
  }
}

extension Trait where Self == CompiledProgram {
  /// The program of ``LiveJVM`` is at hand.
  static var compiledProgram: CompiledProgram { CompiledProgram() }
}
