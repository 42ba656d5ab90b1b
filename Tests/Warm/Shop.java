import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A server with data: GET /note/TEXT keeps a note in the folder that its first argument names, GET /notes gives all of them, as
 * it has them in memory; /about tells what it was started with.
 */
public final class Shop {
  /** The same after every thaw of one checkpoint, another after every cold start. */
  private static final long LOADED = System.nanoTime();

  private final HttpServer server;
  private final Path file;
  private final List<String> notes = new ArrayList<>();
  private final String[] arguments;

  private Shop(Path folder, String[] arguments) throws IOException {
    this.arguments = arguments;
    Files.createDirectories(folder);
    file = folder.resolve("notes");
    if (Files.exists(file)) notes.addAll(Files.readAllLines(file));
    server = HttpServer.create(new InetSocketAddress(8080), 0);
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newFixedThreadPool(2, task -> {
      Thread thread = new Thread(task, "shop");
      thread.setDaemon(true);
      return thread;
    }));
    server.start();
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String text = "ok";
    if (path.startsWith("/note/")) {
      String note = path.substring(6);
      Files.write(file, (note + "\n").getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE,
          StandardOpenOption.APPEND, StandardOpenOption.DSYNC);
      notes.add(note);
    } else if (path.equals("/notes")) {
      text = String.join(",", notes);
    } else if (path.equals("/about")) {
      text = String.join("\n", "arguments " + Arrays.toString(arguments),
          "greeting " + System.getenv("SHOP_GREETING"), "zone " + TimeZone.getDefault().getID(),
          "loaded " + LOADED, "random " + ThreadLocalRandom.current().nextLong(),
          "host " + InetAddress.getLocalHost().getHostName());
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** What is exercised before main: the same server on a folder of its own. */
  public static Object exercise(String[] words) throws IOException {
    Path folder = Files.createTempDirectory("exercise");
    Shop shop = new Shop(folder, words);
    return (AutoCloseable) () -> {
      shop.server.stop(0);
      try (var files = Files.walk(folder)) {
        for (Path path : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) Files.delete(path);
      }
    };
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 1 && arguments[1].equals("fail")) throw new IllegalStateException("told to fail");
    new Shop(Path.of(arguments[0]), arguments);
    System.out.println("serving " + arguments[0]);
    Thread.currentThread().join();
  }
}
