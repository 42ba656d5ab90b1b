package thaw;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Signals by the opening of FIFOs: open(2) returns when the other end is opened. While it waits, a process holds no descriptor
 * and wakes for nothing, so that there is nothing to restore but a thread in a system call.
 */
final class Fifo {
  private Fifo() {}

  static void awaitWriter(Path path) throws IOException {
    new FileInputStream(path.toString()).close();
  }

  static void tell(Path path) throws IOException {
    // Not FileOutputStream, which would create the file: the kernel refuses that for another user's FIFO in a sticky folder.
    Files.newOutputStream(path, StandardOpenOption.WRITE).close();
  }
}
