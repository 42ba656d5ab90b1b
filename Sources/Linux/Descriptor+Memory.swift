import CLinux

extension Descriptor {
  /// Makes an empty file in memory; `name` is only seen in `/proc`.
  ///
  /// The corresponding C function is `memfd_create`.
  public static func memoryFile(_ name: String) throws(Errno) -> Descriptor {
    Descriptor(owning: try checked(clinux_memfd_create(name)))
  }
}
