package thaw;

import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * The JDK's own fields and methods, the same in JDK 17, 21 and 25. Four packages are opened on the command line (java.lang,
 * java.util, java.util.concurrent, java.net); java.lang holds what opens the others.
 */
final class Internals {
  private static Object unsafe;

  private Internals() {}

  static Field field(Class<?> type, String name) throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  static Field field(String type, String name) throws ReflectiveOperationException {
    return field(Class.forName(type), name);
  }

  static Method method(Class<?> type, String name, Class<?>... parameters) throws ReflectiveOperationException {
    Method method = type.getDeclaredMethod(name, parameters);
    method.setAccessible(true);
    return method;
  }

  static void open(String packageName) throws ReflectiveOperationException {
    method(Module.class, "implAddOpensToAllUnnamed", String.class).invoke(Object.class.getModule(), packageName);
  }

  /** jdk.internal.misc.Unsafe: the other one, sun.misc.Unsafe, warns on standard error since JDK 24. */
  static Object unsafe() throws ReflectiveOperationException {
    if (unsafe == null) {
      open("jdk.internal.misc");
      unsafe = Class.forName("jdk.internal.misc.Unsafe").getMethod("getUnsafe").invoke(null);
    }
    return unsafe;
  }

  /** A class of the JDK if it was used already; null otherwise: there is nothing in it to renew. */
  static Class<?> ifUsed(String name) throws ReflectiveOperationException {
    Class<?> type = Class.forName(name, false, null);
    Object isUnused = method(unsafe().getClass(), "shouldBeInitialized", Class.class).invoke(unsafe(), type);
    return (Boolean) isUnused ? null : type;
  }
}
