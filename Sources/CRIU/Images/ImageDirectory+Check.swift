import Linux

extension ImageDirectory {
  /// Makes sure that the images that a restore cannot do without are there, whole, and fit each
  /// other.
  ///
  /// CRIU takes a missing file for an empty one, and crashes or hangs on some damage. This reads
  /// what it would read but the pages themselves, of which only the length is compared.
  ///
  /// - Throws: ``CRIUError`` with `.missingImage` or `.damagedImage`, and the name of the file.
  public func check() throws(CRIUError) {
    _ = try inventory()
    let processes = try self.processes()
    guard !processes.isEmpty else {
      throw CRIUError(
        .damagedImage, subject: "checking images in \(path)", cause: "no process in pstree.img")
    }
    let files = Set(try self.files().map(\.id))
    for process in processes { try check(process, files: files) }
    for name in try list() where name.hasSuffix(".img") && ImageType.isKnown(fileName: name) {
      _ = try image(named: name)
    }
  }

  private func check(_ process: TreeEntry, files: Set<UInt32>) throws(CRIUError) {
    let main = try core(process.pid)
    for thread in process.threads { _ = try core(thread) }
    guard main.state != .zombie else { return }
    try checkMemory(of: process.pid, files: files)
    let folders = try self.folders(of: process.pid)
    try check([folders.workingFolder, folders.root], in: files, of: "fs-\(process.pid).img")
    guard let objects = main.objects ?? (try? self.objects(of: process.pid)) else { return }
    let descriptors = try self.descriptors(objects.descriptors)
    try check(descriptors.map(\.file), in: files, of: "fdinfo-\(objects.descriptors).img")
  }

  private func checkMemory(of pid: Int32, files: Set<UInt32>) throws(CRIUError) {
    let memory = try self.memory(of: pid)
    try check([memory.executable], in: files, of: "mm-\(pid).img")
    let pagemap = try self.pagemap(of: pid)
    let pages = path / "pages-\(pagemap.pagesID).img"
    guard pagemap.pagesLength > 0 else { return }
    let size: Int64
    do {
      size = try FileSystem.status(pages).size
    } catch {
      throw CRIUError(.missingImage, subject: "checking \(pages)", cause: "\(error)")
    }
    guard UInt64(clamping: size) >= pagemap.pagesLength else {
      throw CRIUError(
        .damagedImage, subject: "checking \(pages)",
        cause: "it has \(size) bytes, and \(pagemap.pagesLength) are needed")
    }
  }

  private func check(
    _ ids: [UInt32], in files: Set<UInt32>, of name: String
  ) throws(CRIUError) {
    for id in ids where !files.contains(id) {
      throw CRIUError(
        .damagedImage, subject: "checking \(path / name)",
        cause: "it names file \(id), which is not in files.img")
    }
  }
}

extension ImageType {
  /// Whether a file of that name is an image of a kind that has a magic number.
  static func isKnown(fileName: String) -> Bool {
    let stem = fileName.dropLast(".img".utf8.count)
    return allCases.contains { type in
      guard type.isNumbered else { return type.file == stem }
      let prefix = type.file.prefix { $0 != "%" }
      let id = stem.dropFirst(prefix.count)
      return stem.hasPrefix(prefix) && !id.isEmpty && id.utf8.allSatisfy(\.isHexadecimalDigit)
    }
  }
}
