public import Linux

/// A running CRIU and the request that it was started for; if the value ends before that is sent, CRIU is killed.
struct Prepared: ~Copyable {
  var worker: Worker
  let request: Request
}

/// A CRIU that waits to be told to restore: see ``Client/prepareRestore(_:)``.
///
/// If the value ends before that, CRIU is killed; nothing was restored then.
public struct PreparedRestore: ~Copyable {
  private let client: Client
  private let prepared: Prepared

  init(client: Client, prepared: consuming Prepared) {
    self.client = client
    self.prepared = prepared
  }

  /// Restores, as ``Client/restore(_:deadline:cancel:_:)`` does.
  public consuming func restore(
    deadline: Deadline, cancel: Int32? = nil, _ handler: Client.Handler = { _ in .proceed }
  ) throws(CRIUError) -> RestoreResult {
    let response = try client.send(prepared, deadline: deadline, cancel: cancel, handler)
    guard let pid = response.message("restore")?.number("pid") else {
      throw CRIUError(
        .protocolViolation, subject: "restore", cause: "the answer does not tell a pid")
    }
    return RestoreResult(pid: Int32(truncatingIfNeeded: pid))
  }
}
