package thaw;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Reads bytes as texts that are each ended by a NUL. */
final class Texts {
  private final byte[] bytes;
  private final String source;
  private int position;

  /** @param source what is named when something is missing */
  Texts(byte[] bytes, String source) {
    this.bytes = bytes;
    this.source = source;
  }

  static byte[] join(List<byte[]> texts) {
    int length = texts.size();
    for (byte[] text : texts) {
      length += text.length;
    }
    byte[] all = new byte[length];
    int position = 0;
    for (byte[] text : texts) {
      System.arraycopy(text, 0, all, position, text.length);
      position += text.length + 1;
    }
    return all;
  }

  byte[] nextBytes(String what) throws Refusal {
    int end = position;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    if (end == bytes.length) {
      throw new Refusal(source + " ends after " + bytes.length + " bytes, before " + what);
    }
    byte[] text = Arrays.copyOfRange(bytes, position, end);
    position = end + 1;
    return text;
  }

  String next(String what) throws Refusal {
    return new String(nextBytes(what), StandardCharsets.UTF_8);
  }

  int nextCount(String what) throws Refusal {
    String text = next(what);
    try {
      int count = Integer.parseInt(text);
      if (count >= 0) {
        return count;
      }
    } catch (NumberFormatException wrong) {
      // Told below, like a number below zero.
    }
    throw new Refusal(source + ": " + what + " is \"" + text + "\"");
  }

  void expectEnd() throws Refusal {
    if (position != bytes.length) {
      throw new Refusal(source + " has " + (bytes.length - position) + " bytes behind its end");
    }
  }
}
