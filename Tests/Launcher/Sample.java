import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Says what a main sees of its surroundings, and ends in the way that its last word names. */
public class Sample {
  /** Taken before the freeze, as a server's code may. */
  static final Map<String, String> variables = System.getenv();
  static final InheritableThreadLocal<String> left = new InheritableThreadLocal<>();
  /** What the shared generators draw, if nothing is done about them after the exercise. */
  static final List<Object> foretold = new ArrayList<>();

  public static void main(String[] words) throws Exception {
    // First: whatever runs before may draw as well.
    List<Object> drawn = draw();
    drawn.retainAll(foretold);
    System.out.println("words " + Arrays.asList(words));
    System.out.println("variables " + new TreeMap<>(System.getenv()));
    System.out.println("of before " + new TreeMap<>(variables) + " " + System.getenv("FROZEN"));
    System.out.println("child " + lines(new ProcessBuilder("env")));
    ProcessBuilder touched = new ProcessBuilder("env");
    touched.environment().put("MORE", "yes");
    System.out.println("touched " + lines(touched));
    System.out.println("zone " + TimeZone.getDefault().getID() + " " + java.time.ZoneId.systemDefault());
    System.out.println("properties " + System.getProperty("user.timezone") + " " + System.getProperty("java.class.path")
        + " " + System.getProperty("sun.java.command") + " " + System.getProperty("thaw.launch")
        + " " + System.getProperty("thaw.exercise") + " " + System.getProperty("user.dir"));
    Thread own = Thread.currentThread();
    System.out.println("thread " + own.getName() + " " + own.getPriority() + " " + own.isDaemon() + " "
        + own.getThreadGroup().getName() + " " + left.get()
        + " " + (own.getContextClassLoader() == ClassLoader.getSystemClassLoader()));
    System.out.println("as foretold " + drawn);
    end(words[words.length - 1]);
  }

  static void end(String how) throws Exception {
    switch (how) {
      case "exit":
        System.exit(3);
        break;
      case "throw":
        throw new java.io.IOException("on purpose", new RuntimeException("the cause"));
      case "thread":
        late().start();
        return;
      case "thread-throw":
        late().start();
        throw new IllegalStateException("while a thread runs");
      case "handler":
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> System.out.println(thread.getName() + " " + thrown));
        throw new IllegalStateException("for the handler");
      default:
        return;
    }
  }

  static Thread late() {
    return new Thread(() -> {
      try {
        Thread.currentThread().join(200);
      } catch (InterruptedException interrupted) {
        // Then it is not late.
      }
      System.out.println("late");
    });
  }

  static List<String> lines(ProcessBuilder child) throws Exception {
    byte[] output = child.start().getInputStream().readAllBytes();
    List<String> lines = new ArrayList<>(Arrays.asList(new String(output, "UTF-8").split("\n")));
    Collections.sort(lines);
    return lines;
  }

  // --- exercises -------------------------------------------------------------------------------------

  public static Object exercise(String[] fixedWords) throws Exception {
    System.out.println("exercise " + Arrays.asList(fixedWords) + " " + System.getenv("FROZEN") + " "
        + TimeZone.getDefault().getID());
    left.set("of the exercise");
    java.net.InetAddress.getLoopbackAddress();
    UUID.randomUUID();
    return (AutoCloseable) () -> {
      // Last of all that happens before the freeze.
      foresee();
      foretold.addAll(draw());
      foresee();
      System.out.println("closed");
    };
  }

  /** Puts the shared generators into a known state, as a freeze does for all thaws of it. */
  static void foresee() throws Exception {
    seed(ThreadLocalRandom.class, "seeder");
    seed(SplittableRandom.class, "defaultGen");
    Math.random();
    Field math = Class.forName("java.lang.Math$RandomNumberGeneratorHolder").getDeclaredField("randomNumberGenerator");
    math.setAccessible(true);
    ((Random) math.get(null)).setSeed(1);
  }

  static void seed(Class<?> type, String name) throws Exception {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    ((AtomicLong) field.get(null)).set(1);
  }

  /** Threads of their own, which draw for the first time; the JDK itself may, in between. */
  static List<Object> draw() throws Exception {
    List<Object> drawn = Collections.synchronizedList(new ArrayList<>());
    for (int count = 0; count < 8; count++) {
      Thread thread = new Thread(() -> drawn.add(ThreadLocalRandom.current().nextLong()));
      thread.start();
      thread.join();
    }
    drawn.add(Math.random());
    drawn.add(new SplittableRandom().nextLong());
    return drawn;
  }

  /** Of the same name as what the JDK found. */
  public static class Zone implements java.util.concurrent.Callable<Object> {
    public Object call() throws Exception {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
      return exercise(new String[0]);
    }
  }

  public static class Failing implements java.util.concurrent.Callable<Object> {
    public Object call() {
      throw new IllegalStateException("the exercise fails");
    }
  }

  public static class Wrong implements java.util.concurrent.Callable<Object> {
    public Object call() {
      return "text";
    }
  }
}
