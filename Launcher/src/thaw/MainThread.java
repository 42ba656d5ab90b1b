package thaw;

import java.lang.invoke.MethodHandle;

/**
 * The thread that main runs in: a new one, which has nothing from the exercise in its thread locals. The JVM's first thread
 * waits for it and ends the same way, since that is where the JVM takes its exit status from.
 */
final class MainThread extends Thread {
  private final MethodHandle method;
  private final String[] words;
  private volatile boolean hasReturned;

  MainThread(Main main, String[] words) {
    this(main.method, words, "main");
  }

  private MainThread(MethodHandle method, String[] words, String name) {
    super(null, null, name, 0, false);
    this.method = method;
    this.words = words;
    setContextClassLoader(ClassLoader.getSystemClassLoader());
  }

  @Override
  public void run() {
    try {
      method.invokeExact(words);
      hasReturned = true;
    } catch (Throwable thrown) {
      // The JVM tells of it, or the handler that the server set.
      throw MainThread.<RuntimeException>unchecked(thrown);
    }
  }

  /** Called by the JVM's first thread. */
  void endLike() throws Failed, InterruptedException {
    Thread first = Thread.currentThread();
    first.setName("thaw");
    join();
    if (!hasReturned) {
      first.setUncaughtExceptionHandler((thread, failed) -> { });
      throw new Failed();
    }
  }

  /** Loads what a first call needs. */
  static void rehearse() throws ReflectiveOperationException, InterruptedException {
    MethodHandle nothing = Main.handle(MainThread.class.getDeclaredMethod("nothing", String[].class));
    MainThread thread = new MainThread(nothing, new String[0], "rehearsal");
    thread.start();
    thread.join();
  }

  private static void nothing(String[] words) {}

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
    throw (T) thrown;
  }

  /** The thread told of its own exception already. */
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1;

    Failed() {
      super(null, null, false, false);
    }
  }
}
