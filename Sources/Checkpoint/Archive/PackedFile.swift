package import Linux

/// A file that zstd may have packed, as other programs do with archives.
package enum PackedFile {
  /// Writes what a packed file holds into a new one; false, and nothing is written, if zstd has not packed it.
  ///
  /// No program is needed: `tar` would start `zstd`, which is not everywhere.
  package static func unpack(_ source: Path, to target: Path) throws(CheckpointError) -> Bool {
    let file = try attempt("opening an archive", on: source) { () throws(Errno) in
      try Descriptor.open(source, .readOnly)
    }
    let head = try attempt("reading an archive", on: source) { () throws(Errno) in
      try file.read(upTo: ArchiveInput.magic.count, at: 0)
    }
    guard head == ArchiveInput.magic else { return false }
    var input = try ArchiveInput(file, name: source.string)
    let output = try attempt("unpacking an archive", on: target) { () throws(Errno) in
      try Descriptor.open(target, .writeOnly, [.create, .truncate], mode: 0o600)
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
    defer { buffer.deallocate() }
    while true {
      let count = try input.read(into: buffer)
      if count == 0 { return true }
      try attempt("unpacking an archive", on: target) { () throws(Errno) in
        try output.writeAll([UInt8](buffer[..<count]))
      }
    }
  }
}
