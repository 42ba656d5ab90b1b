import Linux

extension ImageDirectory {
  /// What the dump is.
  public func inventory() throws(CRIUError) -> Inventory {
    Inventory(try single(.inventory))
  }

  /// The processes, the root first.
  public func processes() throws(CRIUError) -> [TreeEntry] {
    try all(.pstree).map { TreeEntry($0) }
  }

  /// A thread, by its id; the process itself is its thread of the same id.
  public func core(_ tid: Int32) throws(CRIUError) -> Core {
    Core(try single(.core, id: UInt32(bitPattern: tid)))
  }

  /// The memory of a process.
  public func memory(of pid: Int32) throws(CRIUError) -> MemoryMap {
    MemoryMap(try single(.mm, id: UInt32(bitPattern: pid)))
  }

  /// Which pages of a process are in the images.
  public func pagemap(of pid: Int32) throws(CRIUError) -> Pagemap {
    let name = ImageType.pagemap.fileName(id: UInt32(bitPattern: pid))
    return try Pagemap(try image(named: name, type: .pagemap), name: (path / name).string)
  }

  /// The open and mapped files of all processes.
  public func files() throws(CRIUError) -> [FileEntry] {
    try all(.files).map { FileEntry($0) }
  }

  /// A process's folders.
  public func folders(of pid: Int32) throws(CRIUError) -> FolderEntry {
    FolderEntry(try single(.fs, id: UInt32(bitPattern: pid)))
  }

  /// A process's kernel objects.
  public func objects(of pid: Int32) throws(CRIUError) -> KernelObjects {
    KernelObjects(try single(.ids, id: UInt32(bitPattern: pid)))
  }

  /// A table of descriptors, by the id that ``KernelObjects/descriptors`` tells.
  public func descriptors(_ id: UInt32) throws(CRIUError) -> [DescriptorEntry] {
    try all(.fdinfo, id: id).map { DescriptorEntry($0) }
  }

  /// The clocks of a time namespace, by the id that ``KernelObjects/timeNamespace`` tells.
  public func timeNamespace(_ id: UInt32) throws(CRIUError) -> TimeNamespaceEntry {
    TimeNamespaceEntry(try single(.timens, id: id))
  }

  /// What the dump took; in the work folder, if CRIU was given one of its own.
  public func dumpStatistics() throws(CRIUError) -> DumpStatistics {
    DumpStatistics(try statistics("stats-dump", "dump"))
  }

  /// What the restore took; in the work folder, if CRIU was given one of its own.
  public func restoreStatistics() throws(CRIUError) -> RestoreStatistics {
    RestoreStatistics(try statistics("stats-restore", "restore"))
  }

  private func statistics(_ name: String, _ field: String) throws(CRIUError) -> Message {
    let image = try image(named: name, type: .stats)
    guard let message = image.entries.first?.message.message(field) else {
      throw CRIUError(
        .damagedImage, subject: "reading \(path / name)", cause: "no entry \(field) in it")
    }
    return message
  }

  private func all(_ type: ImageType, id: UInt32 = 0) throws(CRIUError) -> [Message] {
    try image(type, id: id).entries.map(\.message)
  }

  private func single(_ type: ImageType, id: UInt32 = 0) throws(CRIUError) -> Message {
    guard let first = try all(type, id: id).first else {
      let file = path / type.fileName(id: id)
      throw CRIUError(.damagedImage, subject: "reading \(file)", cause: "no entry in it")
    }
    return first
  }
}
