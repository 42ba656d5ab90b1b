import CRIU
package import Linux

extension MemoryFile {
  /// The image of a dump's open files, as it is to be where the memory file has another path.
  ///
  /// - Parameters:
  ///   - images: the folder of the dump.
  ///   - path: where a thawed server will have its memory mapped from.
  /// - Returns: the bytes of `files.img`.
  /// - Throws: `.damaged` if the image cannot be read.
  package static func files(
    of images: Path, with path: Path
  ) throws(MemoryError) -> [UInt8] {
    try Memory.images { () throws(CRIUError) in
      var image = try ImageDirectory(images).image(.files)
      for index in image.entries.indices {
        var entry = FileEntry(image.entries[index].message)
        guard var file = entry.regular, isPath(file.path) else { continue }
        file.path = path.string
        entry.regular = file
        image.entries[index].message = entry.message
      }
      return image.encoded()
    }
  }

  /// What `files.img` is called.
  package static let filesImage = ImageType.files.fileName()
}
