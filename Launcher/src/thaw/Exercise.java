package thaw;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.Callable;

/** Runs a server's code before it is frozen. */
final class Exercise {
  private Exercise() {}

  /**
   * @param name a Clojure file, a class, or null: nothing is run
   * @return what closes it
   */
  static Closing run(String name, String[] fixedWords) throws Throwable {
    if (name == null) {
      return Closing.of(null, name);
    }
    Object result = name.endsWith(".clj") ? ClojureFile.load(name) : runClass(name, fixedWords);
    return Closing.of(result, name);
  }

  private static Object runClass(String name, String[] fixedWords) throws Throwable {
    Class<?> type;
    try {
      type = Class.forName(name, true, ClassLoader.getSystemClassLoader());
    } catch (ClassNotFoundException missing) {
      throw new Refusal("no class " + name + " in the class path, which thaw.exercise names; a Clojure file ends in .clj");
    }
    Method method = find(type);
    if (method != null) {
      try {
        return method.invoke(null, (Object) fixedWords);
      } catch (InvocationTargetException failure) {
        throw failure.getCause();
      }
    }
    if (Callable.class.isAssignableFrom(type)) {
      return ((Callable<?>) type.getConstructor().newInstance()).call();
    }
    throw new Refusal(name + " has no public static Object exercise(String[]) and is no java.util.concurrent.Callable");
  }

  private static Method find(Class<?> type) {
    try {
      return type.getMethod("exercise", String[].class);
    } catch (NoSuchMethodException none) {
      return null;
    }
  }
}
