import java.io.*;
import java.lang.ref.*;
import java.net.*;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import java.util.zip.*;

/**
 * A server that uses each kind of memory that a JVM has, all the time, and checks every byte of it: {@code java Stress PORT}.
 *
 * <p>Over HTTP: {@code /check} answers 200 and the rounds of each worker, or 500 and the first error; {@code /run/SECONDS} does so after
 * that time, and wants every worker to have gone on; {@code /kept} tells the sum of what is never changed; {@code /hold}
 * starts no child process until the next {@code /check}: CRIU cannot dump one that is half-way between fork and exec;
 * {@code /corrupt/heap} and {@code /corrupt/direct} change one byte, which must be found.
 */
public final class Stress {
  /** One kind of stress; a thread calls it again and again. */
  interface Work {
    void round(Random random) throws Exception;
  }

  private static final Map<String, AtomicLong> rounds = new ConcurrentSkipListMap<>();
  private static final Kept kept = new Kept();
  private static final Children children = new Children();
  private static volatile String error;
  /** What is stored here is not optimised away. */
  private static volatile Object sink;

  public static void main(String[] words) throws Exception {
    start("kept", kept);
    start("heap", new Heap());
    start("graph", new Graph());
    start("direct", new Direct());
    start("zlib", new Zlib());
    start("threads", new Threads());
    start("classes", new Classes());
    start("references", new References());
    start("text", new Text());
    start("children", children);
    start("gc", random -> { Thread.sleep(200 + random.nextInt(600)); System.gc(); });
    try (var listener = new ServerSocket(Integer.parseInt(words[0]))) {
      while (true) {
        var socket = listener.accept();
        new Thread(() -> answer(socket)).start();
      }
    }
  }

  private static void start(String name, Work work) {
    var count = new AtomicLong();
    rounds.put(name, count);
    var thread = new Thread(() -> {
      var random = new Random(name.hashCode());
      try {
        while (true) {
          work.round(random);
          count.incrementAndGet();
          Thread.sleep(random.nextInt(4));
        }
      } catch (Throwable thrown) {
        var stack = new StringWriter();
        thrown.printStackTrace(new PrintWriter(stack));
        var text = stack.toString().substring(0, Math.min(2000, stack.toString().length()));
        if (error == null) error = name + ", round " + count + ": " + text;
        System.out.println(error);
      }
    }, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void check(boolean holds, String what) {
    if (!holds) throw new IllegalStateException(what);
  }

  // MARK: HTTP

  private static void answer(Socket socket) {
    try (socket) {
      socket.setSoTimeout(5000);
      var input = new BufferedReader(new InputStreamReader(socket.getInputStream()));
      var line = input.readLine();
      if (line == null) return;
      for (var next = line; next != null && !next.isEmpty();) next = input.readLine();
      var words = line.split(" ")[1].split("/");
      int status = 200;
      String text;
      try {
        text = ask(words) + "\n";
      } catch (Throwable thrown) {
        status = 500;
        text = thrown.getMessage() + "\n";
      }
      var body = text.getBytes(StandardCharsets.UTF_8);
      var head = "HTTP/1.0 " + status + " .\r\nContent-Length: " + body.length + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().write(body);
    } catch (IOException gone) {
      // Nobody waits for the answer.
    }
  }

  private static String ask(String[] words) throws Exception {
    switch (words.length > 1 ? words[1] : "") {
      case "check": return state();
      case "run": return run(Integer.parseInt(words[2]));
      case "kept": return Long.toHexString(kept.sum());
      case "hold": children.hold(); return "held";
      case "corrupt": kept.corrupt(words[2]); return "changed";
      default: throw new IllegalArgumentException("no such path");
    }
  }

  private static String state() {
    if (error != null) throw new IllegalStateException(error);
    children.release();
    long sum = 0;
    var text = new StringBuilder();
    for (var entry : rounds.entrySet()) {
      long count = entry.getValue().get();
      check(count > 0, entry.getKey() + " has not done its first round yet");
      sum += count;
      text.append(' ').append(entry.getKey()).append('=').append(count);
    }
    return "ok " + sum + text;
  }

  private static String run(int seconds) throws Exception {
    state();
    var before = new HashMap<String, Long>();
    rounds.forEach((name, count) -> before.put(name, count.get()));
    Thread.sleep(seconds * 1000L);
    // A busy machine may need a moment more.
    for (int wait = 0; wait < 100 && error == null; wait++) {
      if (rounds.entrySet().stream().allMatch(e -> e.getValue().get() > before.get(e.getKey()))) break;
      Thread.sleep(100);
    }
    var text = state();
    rounds.forEach((name, count) -> check(count.get() > before.get(name), name + " stands still"));
    return text;
  }

  // MARK: Blocks of bytes

  /** Bytes of all lengths up to 2^exponent, short ones as often as long ones. */
  private static int length(Random random, int exponent) {
    int most = 1 << (4 + random.nextInt(exponent - 3));
    return most / 2 + random.nextInt(most / 2 + 1);
  }

  private static void fill(ByteBuffer buffer, long seed) {
    long x = seed | 1;
    var to = buffer.duplicate();
    while (to.remaining() >= 8) {
      x ^= x << 13; x ^= x >>> 7; x ^= x << 17;
      to.putLong(x);
    }
    while (to.hasRemaining()) to.put((byte) x);
  }

  private static long sum(ByteBuffer buffer) {
    var sum = new CRC32();
    sum.update(buffer.duplicate());
    return sum.getValue();
  }

  private static void checkZero(ByteBuffer buffer, String what) {
    sink = buffer;
    var rest = buffer.duplicate();
    while (rest.remaining() >= 8) check(rest.getLong() == 0, what + " is not zero");
    while (rest.hasRemaining()) check(rest.get() == 0, what + " is not zero");
  }

  private static ByteBuffer newArray(int length, long seed) {
    var buffer = ByteBuffer.wrap(new byte[length]);
    checkZero(buffer, "a new array of " + length);
    fill(buffer, seed);
    return buffer;
  }

  /** Blocks that are made, checked, changed and dropped; at times there are many, at times few. */
  abstract static class Blocks implements Work {
    private final ByteBuffer[] blocks;
    private final long[] sums;
    private final int exponent;
    private int turn;

    Blocks(int count, int exponent) {
      blocks = new ByteBuffer[count];
      sums = new long[count];
      this.exponent = exponent;
    }

    abstract ByteBuffer allocate(int length, long seed);

    public void round(Random random) {
      boolean many = turn++ / 100 % 2 == 0;
      for (int i = 0; i < 16; i++) {
        int slot = random.nextInt(blocks.length);
        if (blocks[slot] != null) {
          check(sum(blocks[slot]) == sums[slot], "a block of " + blocks[slot].capacity());
        }
        if (!many && slot % 16 != 0) {
          blocks[slot] = null;
        } else if (blocks[slot] == null || random.nextInt(3) == 0) {
          blocks[slot] = allocate(length(random, exponent), random.nextLong());
          sums[slot] = sum(blocks[slot]);
        } else {
          blocks[slot].put(random.nextInt(blocks[slot].capacity()), (byte) random.nextInt());
          sums[slot] = sum(blocks[slot]);
        }
      }
    }
  }

  static final class Heap extends Blocks {
    Heap() { super(512, 20); }

    ByteBuffer allocate(int length, long seed) { return newArray(length, seed); }
  }

  static final class Direct extends Blocks {
    Direct() { super(256, 20); }

    ByteBuffer allocate(int length, long seed) {
      var buffer = ByteBuffer.allocateDirect(length);
      checkZero(buffer, "a new direct buffer of " + length);
      fill(buffer, seed);
      return buffer;
    }
  }

  /** Made once and never changed: what a thaw must bring back to the last bit. */
  static final class Kept implements Work {
    private final List<ByteBuffer> blocks = new ArrayList<>();
    private final List<Long> sums = new ArrayList<>();

    Kept() {
      for (int i = 0; i < 64; i++) {
        var block = i % 2 == 0 ? ByteBuffer.allocate(128 << 10) : ByteBuffer.allocateDirect(128 << 10);
        fill(block, i);
        blocks.add(block);
        sums.add(Stress.sum(block));
      }
    }

    public void round(Random random) {
      int i = random.nextInt(blocks.size());
      check(Stress.sum(blocks.get(i)) == sums.get(i), "kept block " + i);
    }

    long sum() {
      long all = 0;
      for (var block : blocks) all = all * 31 + Stress.sum(block);
      return all;
    }

    void corrupt(String where) {
      for (var block : blocks) {
        if (block.isDirect() == where.equals("direct")) block.put(70_000, (byte) ~block.get(70_000));
      }
    }
  }

  // MARK: Objects

  /** A tree that is checked as a whole and of which parts are made anew: old objects refer to young ones. */
  static final class Graph implements Work {
    static final class Node {
      final long key;
      Node left, right;

      Node(long key) { this.key = key; }
    }

    private Node root = grow(1, 13);

    static Node grow(long key, int depth) {
      var node = new Node(key);
      check(node.left == null && node.right == null, "a new object is not empty");
      if (depth > 0) {
        node.left = grow(key * 2, depth - 1);
        node.right = grow(key * 2 + 1, depth - 1);
      }
      return node;
    }

    static long count(Node node, long key) {
      if (node == null) return 0;
      check(node.key == key, "node " + key + " has key " + node.key);
      return 1 + count(node.left, key * 2) + count(node.right, key * 2 + 1);
    }

    public void round(Random random) {
      var at = root;
      for (int depth = 13; ; depth--) {
        if (depth > 1 && random.nextInt(5) > 0) {
          at = random.nextBoolean() ? at.left : at.right;
          continue;
        }
        at.left = grow(at.key * 2, depth - 1);
        at.right = grow(at.key * 2 + 1, depth - 1);
        break;
      }
      check(count(root, 1) == (1 << 14) - 1, "nodes are missing");
    }
  }

  /** Soft, weak and phantom references, and what becomes of them. */
  static final class References implements Work {
    private ReferenceQueue<Object> queue = new ReferenceQueue<>();
    private final Map<Reference<?>, Long> sums = new HashMap<>();
    private final Cleaner cleaner = Cleaner.create();
    private final AtomicLong cleaned = new AtomicLong();
    private long dropped;

    public void round(Random random) {
      for (int i = 0; i < 8; i++) {
        var block = newArray(length(random, 16), random.nextLong());
        long sum = sum(block);
        sums.put(random.nextBoolean() ? new SoftReference<>(block, queue) : new WeakReference<>(block, queue), sum);
        sums.put(new PhantomReference<>(block, queue), sum);
        cleaner.register(block, cleaned::incrementAndGet);
        dropped++;
      }
      for (var entry : sums.entrySet()) {
        var block = (ByteBuffer) entry.getKey().get();
        if (block != null) check(sum(block) == entry.getValue(), "a referent");
      }
      for (var gone = queue.poll(); gone != null; gone = queue.poll()) {
        check(sums.remove(gone) != null, "a reference came out of the queue twice");
      }
      if (sums.size() > 2000) {
        sums.clear();
        queue = new ReferenceQueue<>();
      }
      check(cleaned.get() <= dropped, "more was cleaned than was made");
    }
  }

  /** Strings, the table of interned ones, maps, patterns. */
  static final class Text implements Work {
    private final Map<String, Integer> map = new HashMap<>();

    public void round(Random random) {
      for (int i = 0; i < 100; i++) {
        int number = random.nextInt(20_000);
        var key = ("key-" + number).intern();
        var old = map.put(key, number);
        check(old == null || old == number, key + " had " + old);
        check(key == String.valueOf(new char[] {'k', 'e', 'y', '-'}).concat("" + number).intern(), key);
      }
      if (random.nextInt(50) == 0) map.clear();
      var joined = String.join(",", map.keySet());
      check(joined.split(",").length == Math.max(1, map.size()), "the keys joined and split");
    }
  }

  // MARK: Native memory, threads, classes, processes

  /** Streams that are half-way through for a while: their state is zlib's, in malloc's memory. */
  static final class Zlib implements Work {
    static final class Stream {
      final Deflater deflater;
      final Inflater inflater = new Inflater();
      final CRC32 in = new CRC32(), out = new CRC32();
      int left;

      Stream(Random random) {
        deflater = new Deflater(random.nextInt(10));
        left = 1 + random.nextInt(30);
      }
    }

    private final Stream[] streams = new Stream[24];

    public void round(Random random) throws DataFormatException {
      int slot = random.nextInt(streams.length);
      if (streams[slot] == null) streams[slot] = new Stream(random);
      var stream = streams[slot];
      var chunk = newArray(length(random, 16), random.nextInt(50)).array();
      stream.in.update(chunk);
      stream.deflater.setInput(chunk);
      boolean last = --stream.left == 0;
      if (last) stream.deflater.finish();
      var packed = new byte[4096];
      var plain = new byte[8192];
      int count;
      while ((count = stream.deflater.deflate(packed, 0, packed.length, Deflater.SYNC_FLUSH)) > 0) {
        stream.inflater.setInput(packed, 0, count);
        int more;
        while ((more = stream.inflater.inflate(plain)) > 0) stream.out.update(plain, 0, more);
      }
      check(stream.in.getValue() == stream.out.getValue(), "what zlib gave back");
      if (last) {
        stream.deflater.end();
        stream.inflater.end();
        streams[slot] = null;
      }
    }
  }

  /** Threads that come and go, with stacks of all depths; virtual ones where there are. */
  static final class Threads implements Work {
    private final ThreadLocal<byte[]> local = ThreadLocal.withInitial(() -> newArray(512, 7).array());

    long descend(long key, int depth) {
      long a = key * 31, b = a ^ depth, c = b * 17;
      var block = depth % 64 == 0 ? newArray(100, key) : null;
      long below = depth == 0 ? 0 : descend(key + 1, depth - 1);
      check(a == key * 31 && b == (a ^ depth) && c == b * 17, "a stack frame");
      if (block != null) check(sum(block) == sum(newArray(100, key)), "a block of a stack frame");
      return below + 1;
    }

    public void round(Random random) throws Exception {
      var tasks = new ArrayList<FutureTask<Long>>();
      for (int i = 0; i < 5; i++) {
        int depth = random.nextInt(1500);
        var task = new FutureTask<>(() -> {
          check(local.get().length == 512, "a thread's own");
          Thread.sleep(depth % 3);
          return descend(depth, depth) - depth;
        });
        tasks.add(task);
        new Thread(null, task, "short", (1L << random.nextInt(4)) << 20).start();
      }
      for (var task : tasks) check(task.get() == 1, "how deep a thread went");
      var maker = virtual();
      if (maker == null) return;
      var futures = new ArrayList<Future<Long>>();
      for (int i = 0; i < 50; i++) {
        int depth = i * 4;
        futures.add(maker.submit(() -> { Thread.sleep(1); return descend(depth, depth) - depth; }));
      }
      for (var future : futures) check(future.get() == 1, "how deep a virtual thread went");
      maker.shutdown();
    }

    private static ExecutorService virtual() throws Exception {
      try {
        return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
      } catch (NoSuchMethodException older) {
        return null;
      }
    }
  }

  /** Is defined again and again, each time with another number in the place of KEY. */
  public static final class Template implements LongUnaryOperator {
    static final long KEY = 0x5EED_CAFE_F00D_1234L;

    @Override
    public long applyAsLong(long count) {
      long x = KEY;
      LongUnaryOperator step = v -> v * 6364136223846793005L + KEY;
      for (long i = 0; i < count; i++) x = step.applyAsLong(x);
      return x;
    }
  }

  /** Classes, and the hidden ones of their lambdas, that are loaded, compiled, and unloaded with their loaders. */
  static final class Classes implements Work {
    static final class Loader extends ClassLoader {
      Loader() { super(null); }

      Class<?> define(byte[] bytes) { return defineClass(null, bytes, 0, bytes.length); }
    }

    private final byte[] bytes;
    private final int place;
    private final Map<Long, LongUnaryOperator> alive = new HashMap<>();
    private int most = 200;

    Classes() throws IOException {
      try (var stream = Template.class.getResourceAsStream("Stress$Template.class")) {
        bytes = stream.readAllBytes();
      }
      var buffer = ByteBuffer.wrap(bytes);
      int found = -1;
      for (int i = 0; i + 8 <= bytes.length; i++) if (buffer.getLong(i) == Template.KEY) found = i;
      check(found > 0, "the template has no key");
      place = found;
    }

    /** What the template makes of a key, without going through the steps one by one. */
    static long expected(long key, long count) {
      long factor = 6364136223846793005L, add = key, allFactor = 1, allAdd = 0;
      for (; count > 0; count >>= 1) {
        if ((count & 1) == 1) {
          allFactor *= factor;
          allAdd = allAdd * factor + add;
        }
        add *= factor + 1;
        factor *= factor;
      }
      return allFactor * key + allAdd;
    }

    public void round(Random random) throws Exception {
      long key = random.nextLong();
      var own = bytes.clone();
      ByteBuffer.wrap(own).putLong(place, key);
      var type = new Loader().define(own);
      alive.put(key, (LongUnaryOperator) type.getDeclaredConstructor().newInstance());
      int asked = 0;
      for (var entry : alive.entrySet()) {
        long count = random.nextInt(20) == 0 ? 30_000 : random.nextInt(50);
        check(entry.getValue().applyAsLong(count) == expected(entry.getKey(), count), "generated code");
        if (++asked == 50) break;
      }
      if (alive.size() > most) {
        alive.clear();
        most = 20 + random.nextInt(300);
      }
    }
  }

  /** Child processes: one that stays, and others that come and go. */
  static final class Children implements Work {
    private Process stays;
    private boolean held;

    synchronized void hold() { held = true; }

    synchronized void release() { held = false; }

    private synchronized Process start(String... words) throws IOException {
      return held ? null : new ProcessBuilder(words).redirectErrorStream(true).start();
    }

    public void round(Random random) throws Exception {
      if (stays == null) stays = start("cat");
      if (stays != null) echo(stays, random);
      var other = start("cat");
      if (other == null) return;
      echo(other, random);
      other.getOutputStream().close();
      check(other.waitFor() == 0, "how cat ended");
      var quick = start("true");
      if (quick != null) check(quick.waitFor() == 0, "how true ended");
      Thread.sleep(50);
    }

    private static void echo(Process cat, Random random) throws IOException {
      var told = newArray(length(random, 15), random.nextLong()).array();
      cat.getOutputStream().write(told);
      cat.getOutputStream().flush();
      check(Arrays.equals(cat.getInputStream().readNBytes(told.length), told), "what cat gave back");
    }
  }
}
