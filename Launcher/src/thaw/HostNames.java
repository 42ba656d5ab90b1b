package thaw;

import java.util.Collection;
import java.util.Map;

/** What this host is called, and what addresses others had. */
final class HostNames {
  private HostNames() {}

  static void forget() throws ReflectiveOperationException {
    Class<?> type = Internals.ifUsed("java.net.InetAddress");
    if (type != null) {
      Internals.field(type, "cachedLocalHost").set(null, null);
      ((Map<?, ?>) Internals.field(type, "cache").get(null)).clear();
      ((Collection<?>) Internals.field(type, "expirySet").get(null)).clear();
    }
  }
}
