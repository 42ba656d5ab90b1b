package thaw;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Brings what a JVM takes from its surroundings once, when it starts, up to date. */
final class Today {
  private Today() {}

  static void update(Request request) throws ReflectiveOperationException, IOException, Refusal {
    checkWorkingDirectory(request.workingDirectory);
    // First, since the time zone is in it.
    NativeEnvironment.replace(request.variables);
    Environment.replace(request.variables);
    TimeZones.renew();
    Randomness.renew();
    HostNames.forget();
  }

  static void rehearse() throws ReflectiveOperationException, IOException, Refusal {
    update(Request.parse(Request.ofNow().bytes(), "the rehearsal"));
  }

  /** A JVM cannot change it: what opens `config.yaml` would open that of the freeze. */
  private static void checkWorkingDirectory(String wanted) throws IOException, Refusal {
    Path own = Path.of("");
    if (!Files.isDirectory(Path.of(wanted)) || !Files.isSameFile(Path.of(wanted), own)) {
      throw new Refusal("the working directory is " + own.toRealPath() + " and cannot be changed to " + wanted);
    }
  }
}
