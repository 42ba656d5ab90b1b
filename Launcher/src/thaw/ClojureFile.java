package thaw;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/** Loads a Clojure file with the Clojure of the class path, which this is compiled without. */
final class ClojureFile {
  private ClojureFile() {}

  /** The value of the file's last form. */
  static Object load(String path) throws Throwable {
    Class<?> clojure;
    try {
      clojure = Class.forName("clojure.java.api.Clojure", true, ClassLoader.getSystemClassLoader());
    } catch (ClassNotFoundException missing) {
      throw new Refusal("no Clojure in the class path, and thaw.exercise names a Clojure file: " + path);
    }
    // As clojure.main loads a script: in the namespace `user`, with what a file may `set!` bound. It is read as EDN: no 'quote.
    String form = "(do (require (quote clojure.main))"
        + " (fn [path] (clojure.main/with-bindings (in-ns (quote user)) (load-file path))))";
    Object function = call(var(clojure, "eval"), clojure.getMethod("read", String.class).invoke(null, form));
    return call(function, path);
  }

  private static Object var(Class<?> clojure, String name) throws ReflectiveOperationException {
    return clojure.getMethod("var", Object.class, Object.class).invoke(null, "clojure.core", name);
  }

  private static Object call(Object function, Object argument) throws Throwable {
    Class<?> type = Class.forName("clojure.lang.IFn", true, ClassLoader.getSystemClassLoader());
    Method invoke = type.getMethod("invoke", Object.class);
    try {
      return invoke.invoke(function, argument);
    } catch (InvocationTargetException failure) {
      throw failure.getCause();
    }
  }
}
