import CZstd
import Linux

/// Compresses what is written into a file, as one frame of zstd with a checksum.
///
/// The same bytes at the same level give the same frame, on however many processors.
struct Compressor: ~Copyable {
  /// The levels that may be asked for, from fast to small.
  static let levels = 1...19

  private let context: OpaquePointer
  private let output: Descriptor
  private let buffer: UnsafeMutableRawBufferPointer
  /// The compressed bytes that were written.
  private(set) var written: Int64 = 0
  /// Why the file could not be written.
  private(set) var failure: Errno?

  /// Takes over a file that is open for writing.
  init(to output: consuming Descriptor, level: Int) throws(Errno) {
    guard let context = ZSTD_createCCtx() else { throw .noMemory }
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    // Never none: without workers the frame would be another one. A library without threads refuses.
    ZSTD_CCtx_setParameter(context, ZSTD_c_nbWorkers, Int32(max(1, min(Host.processorCount, 16))))
    self.context = context
    self.output = output
    buffer = .allocate(byteCount: ZSTD_CStreamOutSize(), alignment: 64)
  }

  deinit {
    ZSTD_freeCCtx(context)
    buffer.deallocate()
  }

  mutating func write(_ bytes: [UInt8]) throws(Errno) {
    try write(bytes.span.bytes)
  }

  mutating func write(_ bytes: RawSpan) throws(Errno) {
    try bytes.withUnsafeBytes { (bytes) throws(Errno) in
      var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
      while input.pos < input.size { try step(&input, ZSTD_e_continue) }
    }
  }

  /// Writes what is left; nothing may be written after it.
  mutating func finish() throws(Errno) {
    var nothing = ZSTD_inBuffer(src: nil, size: 0, pos: 0)
    while try step(&nothing, ZSTD_e_end) != 0 {}
  }

  @discardableResult
  private mutating func step(
    _ input: inout ZSTD_inBuffer, _ mode: ZSTD_EndDirective
  ) throws(Errno) -> Int {
    var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
    let left = ZSTD_compressStream2(context, &output, &input, mode)
    // The parameters are valid and the calls in order: only memory can be lacking.
    guard ZSTD_isError(left) == 0 else { throw .noMemory }
    do throws(Errno) {
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<output.pos])
      try self.output.writeAll(bytes.bytes)
    } catch {
      failure = error
      throw error
    }
    written += Int64(output.pos)
    return left
  }
}
