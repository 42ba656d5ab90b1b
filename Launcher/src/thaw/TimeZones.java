package thaw;

import java.lang.reflect.Field;
import java.util.TimeZone;

/** The default time zone: TZ, or /etc/localtime, unless the command line or the server's code says which. */
final class TimeZones {
  private static boolean isGiven;
  /** The very object that the JDK made of what it found; one that code has set is another. */
  private static Object found;

  private TimeZones() {}

  /** Before anything asks for the default, since that sets the property, too. */
  static void note() throws ReflectiveOperationException {
    String name = System.getProperty("user.timezone");
    isGiven = name != null && !name.isEmpty();
    find();
  }

  static void renew() throws ReflectiveOperationException {
    Object now = field().get(null);
    if (!isGiven && (now == null || now == found)) {
      System.clearProperty("user.timezone");
      TimeZone.setDefault(null);
      find();
    }
  }

  private static void find() throws ReflectiveOperationException {
    TimeZone.getDefault();
    found = field().get(null);
  }

  private static Field field() throws ReflectiveOperationException {
    return Internals.field(TimeZone.class, "defaultTimeZone");
  }
}
