public import Linux

/// What this machine has: facts for the traits of tests.
public enum Machine {
  /// Whether the tests run as root.
  public static let isRoot = Host.user == 0

  /// Whether the tests have a capability in force.
  public static func hasCapability(_ capability: Capability) -> Bool {
    capabilities.contains(capability)
  }

  /// Whether the tests may mount and unshare.
  public static let canMount = hasCapability(.sysAdmin)

  /// Where a program is, looked up in PATH and where system programs are; nil if it is not
  /// installed.
  public static func executable(named name: String) -> Path? {
    Spawn.find(name, path: Spawn.ownEnvironment()["PATH"])
      ?? Spawn.find(name, path: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
  }

  /// Whether all programs of a list are installed.
  public static func has(_ names: String...) -> Bool {
    names.allSatisfy { executable(named: $0) != nil }
  }

  /// The folder with CRIU and what comes along: THAW_BUNDLE, or where `make` puts it.
  public static let bundle: Path? = folder(
    "THAW_BUNDLE", ["/usr/local/lib/thaw", "/var/cache/thaw/bundle"], with: "criu/criu")

  /// The image of the sample server: THAW_LEDGER_IMAGE, or where `make` puts it.
  public static let ledgerImage: Path? = folder("THAW_LEDGER_IMAGE", ["/var/cache/thaw/ledger"])

  /// XTDB 1's image: `THAW_XTDB1_IMAGE`, or where `Examples/xtdb1/image.sh` puts it.
  public static let xtdb1Image: Path? = folder("THAW_XTDB1_IMAGE", ["/var/cache/thaw/xtdb1"])

  /// The tree with programs for the tests: THAW_TEST_TREE, or where `make` puts it.
  public static let testTree: Path? = folder("THAW_TEST_TREE", ["/var/cache/thaw/testbed"])

  private static let capabilities = CapabilitySets.current().effective

  /// The folder that a variable names, else the first of some that is there.
  private static func folder(_ variable: String, _ usual: [Path], with file: String = ".") -> Path?
  {
    let told = Spawn.ownEnvironment()[variable].map { [Path($0)] }
    return (told ?? usual).first { FileSystem.exists($0 / file) }
  }
}
