package thaw;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The variables that native code sees, and child processes: the C library's {@code environ}. A ProcessBuilder whose environment
 * nobody touched hands on exactly that, and the JDK looks there for the time zone.
 *
 * No native code is needed: the JDK looks up symbols in the libraries that it loaded, and its Unsafe writes memory.
 */
final class NativeEnvironment {
  private NativeEnvironment() {}

  static void replace(List<byte[]> variables) throws ReflectiveOperationException, Refusal {
    long place = address();
    if (place == 0) {
      throw new Refusal("no symbol environ in this JVM's libraries: child processes would get the variables of the freeze");
    }
    Object unsafe = Internals.unsafe();
    Method read = Internals.method(unsafe.getClass(), "getAddress", long.class);
    Method write = Internals.method(unsafe.getClass(), "putAddress", long.class, long.class);
    long before = (Long) read.invoke(unsafe, place);
    write.invoke(unsafe, place, block(unsafe, variables));
    if (count() != variables.size()) {
      write.invoke(unsafe, place, before);
      throw new Refusal("the symbol environ of this JVM's libraries is not what it reads its variables from");
    }
  }

  private static long address() throws ReflectiveOperationException {
    Internals.open("jdk.internal.loader");
    Object libraries = Class.forName("jdk.internal.loader.BootLoader").getMethod("getNativeLibraries").invoke(null);
    return (Long) libraries.getClass().getMethod("find", String.class).invoke(libraries, "environ");
  }

  /** Pointers, a null pointer, and behind them the texts. Never freed: native code may keep what getenv(3) gave it. */
  private static long block(Object unsafe, List<byte[]> variables) throws ReflectiveOperationException {
    byte[] texts = Texts.join(variables);
    int pointers = (variables.size() + 1) * Long.BYTES;
    long size = pointers + texts.length;
    long block = (Long) Internals.method(unsafe.getClass(), "allocateMemory", long.class).invoke(unsafe, size);
    ByteBuffer content = ByteBuffer.allocate((int) size).order(ByteOrder.nativeOrder());
    long text = block + pointers;
    for (byte[] variable : variables) {
      content.putLong(text);
      text += variable.length + 1;
    }
    content.putLong(0).put(texts);
    // An int until JDK 24.
    Number start = (Number) Internals.method(unsafe.getClass(), "arrayBaseOffset", Class.class).invoke(unsafe, byte[].class);
    Internals.method(unsafe.getClass(), "copyMemory", Object.class, long.class, Object.class, long.class, long.class)
        .invoke(unsafe, content.array(), start.longValue(), null, block, size);
    return block;
  }

  /** How many the JDK itself reads from there. */
  private static int count() throws ReflectiveOperationException {
    Class<?> type = Class.forName("java.lang.ProcessEnvironment");
    return ((byte[][]) Internals.method(type, "environ").invoke(null)).length / 2;
  }
}
