package thaw;

import java.util.concurrent.Callable;

/** What an exercise gave to be closed with. */
final class Closing {
  private final Object closer;

  private Closing(Object closer) {
    this.closer = closer;
  }

  /** A function of Clojure is a Callable and a Runnable; so is a map, which fails when it is called without a key. */
  static Closing of(Object closer, String exercise) throws Refusal {
    if (closer == null || closer instanceof AutoCloseable) {
      return new Closing(closer);
    }
    boolean isFunction = closer instanceof Callable || closer instanceof Runnable;
    if (!isFunction || closer instanceof java.util.Map || closer instanceof java.util.Collection) {
      throw new Refusal("the exercise " + exercise + " gave a " + closer.getClass().getName()
          + "; expected what closes it: an AutoCloseable, a function without arguments, or nothing");
    }
    return new Closing(closer);
  }

  void close() throws Exception {
    if (closer instanceof AutoCloseable) {
      ((AutoCloseable) closer).close();
    } else if (closer instanceof Callable) {
      ((Callable<?>) closer).call();
    } else if (closer != null) {
      ((Runnable) closer).run();
    }
  }
}
