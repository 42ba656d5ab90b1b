package import Linux

/// The folder with the programs that Thaw brings along: CRIU, runc, skopeo, umoci
/// (`Setup/bundle.sh`).
package struct Bundle: Hashable, Sendable {
  /// The folder.
  package let path: Path

  /// Takes a folder as it is.
  package init(path: Path) {
    self.path = path
  }

  /// The folder of CRIU, its libraries and its loader.
  package var criu: Path { path / "criu" }
  /// The Java program that waits before a server's `main`.
  package var launcher: Path { path / "launcher/launcher.jar" }
  /// Starts containers.
  package var runc: Path { path / "tools/runc" }
  /// Copies images.
  package var skopeo: Path { path / "tools/skopeo" }
  /// Unpacks images.
  package var umoci: Path { path / "tools/umoci" }

  /// Finds the bundle.
  ///
  /// THAW_BUNDLE decides if it is set. Else it is looked for beside the executable
  /// (`../lib/thaw/bundle`), in `/usr/local/lib/thaw`, `/usr/lib/thaw`, and where `make` puts it.
  ///
  /// - Parameter environment: nil for that of this process.
  /// - Returns: the first bundle that has a runc.
  /// - Throws: `.noBundle`, with all places that were looked at.
  package static func locate(
    environment: [String: String]? = nil
  ) throws(EngineError) -> Bundle {
    let environment = environment ?? Spawn.ownEnvironment()
    let fix = "make it with `Setup/bundle.sh`, or set THAW_BUNDLE to its folder"
    if let told = environment["THAW_BUNDLE"], !told.isEmpty {
      let bundle = Bundle(path: Path(told))
      guard bundle.isThere else {
        throw EngineError(.noBundle, told, "THAW_BUNDLE names it, but no runc is in it", fix: fix)
      }
      return bundle
    }
    var places: [Path] = [
      "/usr/local/lib/thaw/bundle", "/usr/lib/thaw/bundle",
      Path(environment["THAW_CACHE"] ?? "/var/cache/thaw") / "bundle",
    ]
    // Without /proc the executable is not known: the other places remain.
    if let executable = try? FileSystem.readLink("/proc/self/exe") {
      places.insert(Path(executable).parent.parent / "lib/thaw/bundle", at: 0)
    }
    for place in places {
      let bundle = Bundle(path: place)
      if bundle.isThere { return bundle }
    }
    throw EngineError(
      .noBundle, "bundle of CRIU and runc",
      "not in " + places.map(\.string).joined(separator: ", "), fix: fix)
  }

  private var isThere: Bool { FileSystem.isExecutable(runc) }
}
