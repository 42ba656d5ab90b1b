package thaw;

import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.security.SecureRandom;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** The JDK's random generators: without this, all thaws of one checkpoint draw the same numbers. */
final class Randomness {
  /** Generators that the JDK shares, each held by one class. */
  private static final String[][] SECURE = {
    {"java.util.UUID$Holder", "numberGenerator"},
    {"java.nio.file.TempFileHelper", "random"},
  };
  private static final String[] BUFFERED = {
    "sun.security.provider.NativePRNG",
    "sun.security.provider.NativePRNG$Blocking",
    "sun.security.provider.NativePRNG$NonBlocking",
  };

  private Randomness() {}

  static void renew() throws ReflectiveOperationException, IOException {
    // Not through the JDK's generators, which are what is to be renewed.
    try (DataInputStream entropy = new DataInputStream(new FileInputStream("/dev/urandom"))) {
      renewSeeds(entropy);
      renewThreads(entropy);
      renewShared(entropy);
      forgetBuffers();
      renewSecure(entropy);
    }
  }

  /** What new generators, and threads that draw for the first time, take their seeds from. */
  private static void renewSeeds(DataInputStream entropy) throws ReflectiveOperationException, IOException {
    seed(ThreadLocalRandom.class, "seeder", entropy);
    seed(Random.class, "seedUniquifier", entropy);
    seed(Class.forName("java.util.SplittableRandom"), "defaultGen", entropy);
  }

  private static void seed(Class<?> type, String name, DataInputStream entropy)
      throws ReflectiveOperationException, IOException {
    // Odd, since Random multiplies it: of zero nothing would ever become but zero.
    ((AtomicLong) Internals.field(type, name).get(null)).set(entropy.readLong() | 1);
  }

  /** ThreadLocalRandom keeps its state in the threads. Zero is a thread that has not drawn yet. */
  private static void renewThreads(DataInputStream entropy) throws ReflectiveOperationException, IOException {
    Field state = Internals.field(Thread.class, "threadLocalRandomSeed");
    ThreadGroup all = Thread.currentThread().getThreadGroup();
    while (all.getParent() != null) {
      all = all.getParent();
    }
    Thread[] threads = new Thread[all.activeCount() + 64];
    int count = all.enumerate(threads);
    for (int index = 0; index < count; index++) {
      if (state.getLong(threads[index]) != 0) {
        state.setLong(threads[index], entropy.readLong());
      }
    }
  }

  /** Math.random() and Collections.shuffle(). */
  private static void renewShared(DataInputStream entropy) throws ReflectiveOperationException, IOException {
    Class<?> math = Internals.ifUsed("java.lang.Math$RandomNumberGeneratorHolder");
    if (math != null) {
      ((Random) Internals.field(math, "randomNumberGenerator").get(null)).setSeed(entropy.readLong());
    }
    Random shuffle = (Random) Internals.field("java.util.Collections", "r").get(null);
    if (shuffle != null) {
      shuffle.setSeed(entropy.readLong());
    }
  }

  /**
   * SecureRandom's usual generator hands out the kernel's bytes, and reads up to 256 of them ahead. They are good for 100 ms of the
   * wall clock, and for longer where that is behind the clock of the freeze.
   */
  private static void forgetBuffers() throws ReflectiveOperationException {
    Internals.open("sun.security.provider");
    for (String name : BUFFERED) {
      Class<?> type = Internals.ifUsed(name);
      Object buffer = type == null ? null : Internals.field(type, "INSTANCE").get(null);
      if (buffer != null) {
        Internals.field(buffer.getClass(), "buffered").setInt(buffer, 0);
      }
    }
  }

  /** Where the JVM was told to use another generator, that one has a state of its own, to which the seed is added. */
  private static void renewSecure(DataInputStream entropy) throws ReflectiveOperationException, IOException {
    Internals.open("java.nio.file");
    for (String[] place : SECURE) {
      Class<?> type = Internals.ifUsed(place[0]);
      SecureRandom random = type == null ? null : (SecureRandom) Internals.field(type, place[1]).get(null);
      if (random != null && !random.getAlgorithm().startsWith("NativePRNG")) {
        byte[] seed = new byte[32];
        entropy.readFully(seed);
        random.setSeed(seed);
      }
    }
  }
}
