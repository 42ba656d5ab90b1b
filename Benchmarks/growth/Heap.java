import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/**
 * A server that holds so many megabytes of live objects with checksums, and answers over HTTP.
 *
 * <p>{@code /} reads a few objects and compares their checksums, {@code /all} compares all of them.
 */
public final class Heap {
  private static final int SIZE = 64 << 10;

  private record Piece(byte[] bytes, long checksum) {
    static Piece random(SplittableRandom random) {
      byte[] bytes = new byte[SIZE];
      random.nextBytes(bytes);
      return new Piece(bytes, checksum(bytes));
    }

    static long checksum(byte[] bytes) {
      CRC32 crc = new CRC32();
      crc.update(bytes);
      return crc.getValue();
    }

    boolean isWhole() {
      return checksum(bytes) == checksum;
    }
  }

  public static void main(String[] arguments) throws IOException {
    int megabytes = Integer.parseInt(arguments[0]);
    SplittableRandom random = new SplittableRandom(megabytes);
    Piece[] pieces = new Piece[megabytes * ((1 << 20) / SIZE)];
    Arrays.setAll(pieces, index -> Piece.random(random));
    HttpServer server = HttpServer.create(new InetSocketAddress("0.0.0.0", 8080), 16);
    server.createContext("/", exchange -> {
      boolean all = exchange.getRequestURI().getPath().equals("/all");
      int step = all ? 1 : Math.max(1, pieces.length / 8);
      boolean whole = true;
      for (int index = 0; index < pieces.length; index += step) {
        whole &= pieces[index].isWhole();
      }
      byte[] answer =
          (whole ? "whole\n" : "broken\n").getBytes(StandardCharsets.US_ASCII);
      exchange.sendResponseHeaders(whole ? 200 : 500, answer.length);
      exchange.getResponseBody().write(answer);
      exchange.close();
    });
    server.start();
  }
}
