import Linux

extension CRIUError {
  /// What it means that CRIU could not be started.
  init(starting installation: Installation, _ error: any Error) {
    let subject = "starting CRIU (\(installation.path))"
    guard let error = error as? SpawnError else {
      self.init(.failed, subject: subject, cause: "\(error)")
      return
    }
    switch error.errno {
    case .noEntry, .notExecutable:
      self.init(.notFound, subject: subject, cause: "\(error)")
    case .permission, .access:
      self.init(
        .refused, subject: subject, cause: "\(error)",
        fix: "Run it as root, or without credentials that this process may not give.")
    default: self.init(.failed, subject: subject, cause: "\(error)")
    }
  }
}
