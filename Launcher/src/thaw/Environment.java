package thaw;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The variables that Java code sees. */
final class Environment {
  private Environment() {}

  /**
   * System.getenv() is an unmodifiable view of this one map, and ProcessBuilder.environment() copies it: whoever holds either
   * sees today's variables.
   */
  static void replace(List<byte[]> variables) throws ReflectiveOperationException {
    Class<?> type = Class.forName("java.lang.ProcessEnvironment");
    Method name = Internals.method(Class.forName("java.lang.ProcessEnvironment$Variable"), "valueOf", byte[].class);
    Method value = Internals.method(Class.forName("java.lang.ProcessEnvironment$Value"), "valueOf", byte[].class);
    @SuppressWarnings("unchecked")
    Map<Object, Object> map = (Map<Object, Object>) Internals.field(type, "theEnvironment").get(null);
    map.clear();
    for (byte[] variable : variables) {
      int sign = sign(variable);
      // Of two with one name the JDK takes the first.
      map.putIfAbsent(name.invoke(null, (Object) Arrays.copyOfRange(variable, 0, sign)),
          value.invoke(null, (Object) Arrays.copyOfRange(variable, sign + 1, variable.length)));
    }
  }

  /** Where the name ends; below zero if there is none. */
  static int sign(byte[] variable) {
    for (int index = 1; index < variable.length; index++) {
      if (variable[index] == '=') {
        return index;
      }
    }
    return -1;
  }
}
