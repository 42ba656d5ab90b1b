package thaw;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A JVM that is warm before it knows what it will serve: it loads a server's code and exercises it, closes all of that again, and
 * waits to be frozen. Thawed, it runs the server's own main as if it had just been started.
 *
 * <pre>java … -Dthaw.launch=FOLDER [-Dthaw.exercise=FILE.clj|CLASS] -cp …:launcher.jar thaw.Launcher MAINCLASS [WORD…]</pre>
 *
 * FOLDER holds three FIFOs. The launcher waits for a writer of {@code close}, closes what the exercise started, tells a reader of
 * {@code parked}, and waits for a writer of {@code main}; by then {@code main.request} says what today's arguments and
 * variables are ({@link Request}).
 */
public final class Launcher {
  /** What a failure of the launcher ends with; the server's own codes pass through. EX_SOFTWARE of sysexits.h. */
  private static final int FAILED = 70;

  private final Path folder;
  private final Main main;
  private final String[] fixedWords;

  private Launcher(Path folder, Main main, String[] fixedWords) {
    this.folder = folder;
    this.main = main;
    this.fixedWords = fixedWords;
  }

  public static void main(String[] words) throws Throwable {
    MainThread thread = null;
    try {
      TimeZones.note();
      thread = prepare(words).launch();
    } catch (Refusal refusal) {
      System.err.println("thaw: " + refusal.getMessage());
      System.exit(FAILED);
    } catch (Throwable failure) {
      failure.printStackTrace();
      System.exit(FAILED);
    }
    // Of this thread, the JVM's first, it depends what status the JVM ends with.
    thread.endLike();
  }

  private static Launcher prepare(String[] words) throws Exception {
    String folder = System.getProperty("thaw.launch");
    if (folder == null || words.length == 0) {
      throw new Refusal("usage: java -Dthaw.launch=FOLDER … thaw.Launcher MAINCLASS [WORD…]");
    }
    OwnTraces.removeFromClassPath();
    Main main = new Main(words[0]);
    return new Launcher(Path.of(folder), main, Arrays.copyOfRange(words, 1, words.length));
  }

  private MainThread launch() throws Throwable {
    exerciseAndClose();
    Fifo.tell(folder.resolve("parked"));
    Fifo.awaitWriter(folder.resolve("main"));
    Request request = takeRequest();
    Today.update(request);
    String[] all = request.argumentsBehind(fixedWords);
    OwnTraces.removeFromProperties(main.className(), all);
    MainThread thread = new MainThread(main, all);
    thread.start();
    return thread;
  }

  /** In a frame of its own: nothing of the exercise is reachable from the thread that waits. */
  private void exerciseAndClose() throws Throwable {
    String exercise = System.getProperty("thaw.exercise");
    Closing closing = Exercise.run(exercise, fixedWords);
    // What a thaw does is done once before: its code is loaded then, and a JVM that it does not fit is found now.
    Today.rehearse();
    MainThread.rehearse();
    Fifo.awaitWriter(folder.resolve("close"));
    closing.close();
  }

  private Request takeRequest() throws IOException, Refusal {
    Path file = folder.resolve("main.request");
    if (!Files.exists(file)) {
      throw new Refusal(file + " is missing: it must be there before " + folder.resolve("main") + " is opened");
    }
    Request request = Request.parse(Files.readAllBytes(file), file.toString());
    Files.delete(file);
    return request;
  }
}
