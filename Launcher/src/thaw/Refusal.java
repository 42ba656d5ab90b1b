package thaw;

/** What went wrong outside of the launcher, in one line for whoever started it. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  Refusal(String message) {
    super(message, null, false, false);
  }
}
