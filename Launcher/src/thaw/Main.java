package thaw;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/** A class's {@code public static void main(String[])}. */
final class Main {
  private final Class<?> type;
  final MethodHandle method;

  /** Loads and initialises the class. */
  Main(String className) throws Refusal, ReflectiveOperationException {
    try {
      type = Class.forName(className, true, ClassLoader.getSystemClassLoader());
    } catch (ClassNotFoundException missing) {
      throw new Refusal("no class " + className + " in the class path");
    }
    method = handle(find(type));
  }

  String className() {
    return type.getName();
  }

  private static Method find(Class<?> type) throws Refusal {
    try {
      Method method = type.getMethod("main", String[].class);
      if (Modifier.isStatic(method.getModifiers()) && method.getReturnType() == void.class) {
        return method;
      }
    } catch (NoSuchMethodException none) {
      // Told below, like one of another kind.
    }
    throw new Refusal(type.getName() + " has no public static void main(String[])");
  }

  /** A handle and no reflection: an exception comes out as it is, and its trace shows less of what is not the server's. */
  static MethodHandle handle(Method method) throws IllegalAccessException {
    // `java` asks that the method is public, not that its class is.
    method.setAccessible(true);
    return MethodHandles.lookup().unreflect(method);
  }
}
