import CZstd
import Linux

/// The bytes of an archive, decompressed while they are read; one that is not compressed is taken as
/// it is.
struct ArchiveInput: ~Copyable {
  /// What the archive is called in errors.
  let name: String
  private let file: Descriptor
  /// Asked while there is nothing to read; throws to stop waiting.
  private let patience: () throws(Errno) -> Void
  private let context: OpaquePointer
  private let buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var isCompressed: Bool?
  /// Whether a frame has begun and not ended.
  private var isInFrame = false

  /// What zstd writes in front of a frame.
  static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

  /// Takes over a file, a pipe or a socket that is open for reading.
  ///
  /// `patience` is called ten times a second while nothing comes; what it throws ends the wait.
  init(
    _ file: consuming Descriptor, name: String,
    patience: @escaping () throws(Errno) -> Void = {}
  ) throws(CheckpointError) {
    guard let context = ZSTD_createDCtx() else {
      throw CheckpointError(.noMemory, trying: "reading an archive", on: Path(name))
    }
    self.file = file
    self.name = name
    self.patience = patience
    self.context = context
    buffer = .allocate(byteCount: ZSTD_DStreamInSize(), alignment: 64)
  }

  deinit {
    ZSTD_freeDCtx(context)
    buffer.deallocate()
  }

  /// Fills memory; fewer bytes than there is room for only at the end of the archive.
  mutating func read(
    into target: UnsafeMutableRawBufferPointer
  ) throws(CheckpointError) -> Int {
    var done = 0
    while done < target.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: target[done...])
      if isCompressed == nil { isCompressed = try looksCompressed() }
      let count = isCompressed == true ? try decompress(rest) : try take(rest)
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// Reads exactly so many bytes.
  mutating func read(_ count: Int) throws(CheckpointError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var failure: CheckpointError?
    let found = bytes.withUnsafeMutableBytes { target in
      // The standard library rethrows untyped here; the error travels beside it.
      do throws(CheckpointError) {
        return try read(into: target)
      } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    guard found == count else { throw endsTooEarly() }
    return bytes
  }

  /// What is wrong with the archive.
  func damaged(_ what: String) -> CheckpointError {
    CheckpointError(.damaged, name, what, fix: "copy it again, or save the checkpoint again")
  }

  func endsTooEarly() -> CheckpointError { damaged("it ends in the middle: it was cut off") }

  private mutating func looksCompressed() throws(CheckpointError) -> Bool {
    while end < Self.magic.count, try fill() {}
    return buffer[..<end].starts(with: Self.magic)
  }

  private mutating func take(_ target: UnsafeMutableRawBufferPointer) throws(CheckpointError) -> Int
  {
    if start == end, try !fill() { return 0 }
    let count = min(target.count, end - start)
    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<start + count]))
    start += count
    return count
  }

  private mutating func decompress(
    _ target: UnsafeMutableRawBufferPointer
  ) throws(CheckpointError) -> Int {
    var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
    while output.pos == 0 {
      // Also without more to give it: it may hold back what did not fit the last time.
      var input = ZSTD_inBuffer(src: buffer.baseAddress, size: end, pos: start)
      let left = ZSTD_decompressStream(context, &output, &input)
      guard ZSTD_isError(left) == 0 else {
        throw damaged("it cannot be decompressed: \(String(cString: ZSTD_getErrorName(left)))")
      }
      if input.pos > start || output.pos > 0 {
        start = input.pos
        isInFrame = left != 0
      } else if try !fill() {
        guard !isInFrame else { throw endsTooEarly() }
        return 0
      }
    }
    return output.pos
  }

  /// Reads more of the file; false at its end.
  private mutating func fill() throws(CheckpointError) -> Bool {
    if start == end { (start, end) = (0, 0) }
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[end...])
    do throws(Errno) {
      while try !file.poll(for: .readable, deadline: .after(.milliseconds(100))) { try patience() }
      let count = try file.read(into: room)
      end += count
      return count > 0
    } catch {
      throw CheckpointError(error, trying: "reading an archive", on: Path(name))
    }
  }
}
