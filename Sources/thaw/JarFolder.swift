import Arguments
import Images
import Linux

/// A server that is given as a folder of jars, for an image that has no more than a JDK.
enum JarFolder {
  /// Where the server's folder lies in its image, unless the recipe or `--workdir` says where the server is started.
  static let place: Path = "/usr/local/lib"

  /// The folder with all links resolved; there must be a jar in it, or in a folder of it.
  static func check(_ text: String) throws -> Path {
    guard let folder = try? FileSystem.resolve(Path(text)) else {
      throw Failure(Failure.notFound, "--jars \(text): there is no such folder")
    }
    var hasJar = false
    try FileSystem.walk(folder) { name, _ in
      if name.string.lowercased().hasSuffix(".jar") { hasJar = true }
    }
    guard hasJar else { throw Failure(Failure.notFound, "--jars \(text): no jar is there") }
    return folder
  }

  /// Debian's JDK, if that was made.
  static func base() throws -> String {
    let cache = Spawn.ownEnvironment()["THAW_CACHE"] ?? "/var/cache/thaw"
    let layout = Path(cache) / "jdk"
    guard FileSystem.exists(layout / "oci-layout") else {
      throw Failure(
        Failure.notFound,
        "--jars: there is no base with a JDK under them; give --image, such as docker://eclipse-temurin:21, "
          + "or make Debian's with Setup/jdk.sh, which is taken unless told otherwise")
    }
    return "oci:\(layout):latest"
  }
}
