package thaw;

import java.util.TimeZone;

/** The default time zone: TZ, or /etc/localtime. */
final class TimeZones {
  private static boolean isGiven;

  private TimeZones() {}

  /** Before anything asks for the default, since that sets the property, too. */
  static void note() {
    String name = System.getProperty("user.timezone");
    isGiven = name != null && !name.isEmpty();
  }

  static void renew() {
    if (!isGiven) {
      System.clearProperty("user.timezone");
      // Looked for by the next who asks.
      TimeZone.setDefault(null);
    }
  }
}
