package thaw;

import java.io.File;

/** What would tell the server that it was not started by `java` itself. */
final class OwnTraces {
  private OwnTraces() {}

  /** Whoever looks for classes in java.class.path finds the server's only. */
  static void removeFromClassPath() {
    String own = Launcher.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    StringBuilder others = new StringBuilder();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!new File(entry).getAbsolutePath().equals(new File(own).getAbsolutePath())) {
        others.append(others.length() == 0 ? "" : File.pathSeparator).append(entry);
      }
    }
    System.setProperty("java.class.path", others.toString());
  }

  static void removeFromProperties(String mainClass, String[] words) {
    System.clearProperty("thaw.launch");
    System.clearProperty("thaw.exercise");
    System.setProperty("sun.java.command", words.length == 0 ? mainClass : mainClass + " " + String.join(" ", words));
  }
}
