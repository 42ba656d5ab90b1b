/// Which pages of a process, or of shared memory, are in the images, and where
/// (`pagemap-<id>.img`).
public struct Pagemap: Hashable, Sendable {
  /// Pages that follow each other, all of which the images treat alike.
  public struct Run: Hashable, Sendable {
    /// The address of the first page.
    public var address: UInt64
    /// How many pages there are.
    public var pageCount: UInt64
    /// Where they are to be found.
    public var flags: Flags

    /// Describes pages.
    public init(address: UInt64, pageCount: UInt64, flags: Flags) {
      self.address = address
      self.pageCount = pageCount
      self.flags = flags
    }
  }

  /// Where pages are to be found (`PE_` values of `criu/include/pagemap.h`).
  public struct Flags: OptionSet, Hashable, Sendable {
    /// CRIU's bits.
    public let rawValue: UInt32

    /// Makes a set of CRIU's bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// In the images of the dump before this one.
    public static let parent = Flags(rawValue: 1)
    /// May be brought in after the restore.
    public static let lazy = Flags(rawValue: 2)
    /// In this dump's pages file.
    public static let present = Flags(rawValue: 4)
  }

  /// How many bytes a page has, on x86-64 and on most aarch64 kernels.
  public static let pageSize: UInt64 = 4096

  /// The id of the pages file: `pages-<id>.img`.
  public var pagesID: UInt32
  /// The runs in ascending order of addresses.
  public var runs: [Run]

  /// Makes a pagemap.
  public init(pagesID: UInt32, runs: [Run]) {
    self.pagesID = pagesID
    self.runs = runs
  }

  /// Reads a pagemap out of its image.
  ///
  /// - Throws: ``CRIUError`` with `.damagedImage` if runs overlap or are not in order.
  public init(_ image: ImageFile, name: String = "pagemap") throws(CRIUError) {
    let damaged = { (cause: String) in
      CRIUError(.damagedImage, subject: "reading \(name)", cause: cause)
    }
    guard image.type == .pagemap, let head = image.entries.first?.message else {
      throw damaged("it is no pagemap")
    }
    self.init(pagesID: UInt32(truncatingIfNeeded: head.unsigned("pages_id") ?? 0), runs: [])
    var end: UInt64 = 0
    for entry in image.entries.dropFirst() {
      let run = Run(entry.message)
      let (length, isTooLong) = run.pageCount.multipliedReportingOverflow(by: Pagemap.pageSize)
      let (next, isTooHigh) = run.address.addingReportingOverflow(length)
      guard !isTooLong, !isTooHigh, run.address >= end else {
        throw damaged("pages at \(hexadecimal(Int128(run.address))) are out of order")
      }
      end = next
      runs.append(run)
    }
  }

  /// The image of the pagemap, as CRIU 4.2 writes it.
  public var image: ImageFile {
    var head = Message(.pagemapHead)
    head.set("pages_id", number: pagesID)
    return ImageFile(.pagemap, messages: [head] + runs.map(\.message))
  }

  /// Each run with the place of its first page in the pages file; `nil` for those that are not
  /// there.
  public func placed() -> [(run: Run, offset: UInt64?)] {
    var offset: UInt64 = 0
    return runs.map { run in
      guard run.flags.contains(.present) else { return (run, nil) }
      defer { offset &+= run.length }
      return (run, offset)
    }
  }

  /// How many bytes the pages file has.
  public var pagesLength: UInt64 {
    runs.filter { $0.flags.contains(.present) }.reduce(0) { $0 &+ $1.length }
  }
}

extension Pagemap.Run {
  /// How many bytes the run has.
  public var length: UInt64 { pageCount &* Pagemap.pageSize }
  /// The address behind the last byte.
  public var end: UInt64 { address &+ length }

  /// Reads a `pagemap_entry`, also one of an older CRIU, after `init_compat_pagemap_entry`.
  init(_ message: Message) {
    var flags = Pagemap.Flags(rawValue: UInt32(truncatingIfNeeded: message.number("flags") ?? 0))
    if message.flag("in_parent") ?? false {
      flags.insert(.parent)
    } else if !message.has("flags") {
      flags = .present
    }
    self.init(
      address: message.unsigned("vaddr") ?? 0,
      pageCount: message.unsigned("nr_pages") ?? message.unsigned("compat_nr_pages") ?? 0,
      flags: flags)
  }

  /// The `pagemap_entry` as CRIU 4.2 writes it: the older field for the count is there, and 0.
  var message: Message {
    var message = Message(.pagemapEntry)
    message.set("vaddr", number: address)
    message.set("compat_nr_pages", number: 0)
    message.set("flags", number: flags.rawValue)
    message.set("nr_pages", number: pageCount)
    return message
  }
}
