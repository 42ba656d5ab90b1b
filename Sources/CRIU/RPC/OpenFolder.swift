import Linux

/// A folder that is kept open until CRIU has been started with it.
struct OpenFolder: ~Copyable {
  /// Its number, `nil` where no folder was told.
  let raw: Int32?

  /// Opens a folder that a request names.
  init(_ path: Path?, of request: Request) throws(CRIUError) {
    guard let path else {
      raw = nil
      return
    }
    do {
      raw = try Descriptor.open(path, .pathOnly, .directory).release()
    } catch {
      let code = request.kind == .restore ? CRIUError.Code.missingImage : .badOptions
      throw CRIUError(code, subject: request.subject, cause: "opening \(path): \(error)")
    }
  }

  deinit {
    if let raw { _ = Descriptor(owning: raw) }
  }

  /// Ends the value's life here, not sooner.
  consuming func close() {}
}
