import Linux

extension ImageDirectory {
  /// Reads memory of a process as it was at the dump, through the dumps before it where they hold
  /// it.
  ///
  /// Private memory that is in no image was never written: zeros. Pages of a mapped file that are
  /// in no image are unchanged from the file, which is not read here.
  ///
  /// - Parameters:
  ///   - pid: the process.
  ///   - address: the first byte.
  ///   - length: how many bytes.
  /// - Returns: that many bytes.
  /// - Throws: ``CRIUError``: `.missingImage` where nothing is mapped, or only a file;
  ///   `.damagedImage`.
  public func readMemory(
    pid: Int32, address: UInt64, length: Int
  ) throws(CRIUError) -> [UInt8] {
    let range = address..<address &+ UInt64(max(length, 0))
    guard length > 0, range.upperBound > address else { return [] }
    let memory = try self.memory(of: pid)
    var bytes = [UInt8](repeating: 0, count: length)
    let missing = try fill(&bytes, for: range, pid: pid)
    for gap in missing { try check(gap, in: memory, pid: pid) }
    return bytes
  }

  /// Copies what the images hold of a range; returns the parts that they do not hold.
  private func fill(
    _ bytes: inout [UInt8], for range: Range<UInt64>, pid: Int32
  ) throws(CRIUError) -> [Range<UInt64>] {
    let pagemap = try pagemap(of: pid)
    let pages = PagesFile(path / "pages-\(pagemap.pagesID).img")
    var missing: [Range<UInt64>] = []
    var position = range.lowerBound
    for (run, offset) in pagemap.placed() where run.end > range.lowerBound {
      guard run.address < range.upperBound else { break }
      let part = max(run.address, range.lowerBound)..<min(run.end, range.upperBound)
      if position < part.lowerBound { missing.append(position..<part.lowerBound) }
      position = part.upperBound
      let place = Int(part.lowerBound - range.lowerBound)
      let found: [UInt8]
      if let offset {
        found = try pages.read(at: offset + (part.lowerBound - run.address), part.count)
      } else if run.flags.contains(.parent), let parent = try parent() {
        found = try parent.readMemory(pid: pid, address: part.lowerBound, length: part.count)
      } else {
        throw CRIUError(
          .missingImage, subject: "reading memory at \(hexadecimal(Int128(part.lowerBound)))",
          cause: "its pages are in no image")
      }
      bytes.replaceSubrange(place..<place + found.count, with: found)
    }
    if position < range.upperBound { missing.append(position..<range.upperBound) }
    return missing
  }

  /// Makes sure that a part that no image holds is private memory, which is zero then.
  private func check(
    _ gap: Range<UInt64>, in memory: MemoryMap, pid: Int32
  ) throws(CRIUError) {
    var position = gap.lowerBound
    while position < gap.upperBound {
      let subject = "reading memory of \(pid) at \(hexadecimal(Int128(position)))"
      guard let mapping = memory.mapping(at: position) else {
        throw CRIUError(.missingImage, subject: subject, cause: "nothing is mapped there")
      }
      guard mapping.status.contains(.anonymousPrivate) else {
        throw CRIUError(
          .missingImage, subject: subject,
          cause: "it is memory of file \(mapping.file), unchanged or shared")
      }
      position = mapping.end
    }
  }
}

/// A file of pages, one after the other (`pages-<id>.img`).
private struct PagesFile {
  let path: Path

  init(_ path: Path) { self.path = path }

  func read(at offset: UInt64, _ count: Int) throws(CRIUError) -> [UInt8] {
    do {
      let file = try Descriptor.open(path, .readOnly)
      var bytes: [UInt8] = []
      while bytes.count < count {
        let more = try file.read(
          upTo: count - bytes.count, at: Int64(offset) + Int64(bytes.count))
        guard !more.isEmpty else { break }
        bytes += more
      }
      guard bytes.count == count else {
        throw CRIUError(
          .damagedImage, subject: "reading \(path)",
          cause: "it ends before byte \(offset + UInt64(count))")
      }
      return bytes
    } catch let error as CRIUError {
      throw error
    } catch {
      throw CRIUError(.missingImage, subject: "reading \(path)", cause: "\(error)")
    }
  }
}
