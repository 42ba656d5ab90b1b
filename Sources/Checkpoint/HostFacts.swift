import Linux

/// A machine, as far as it matters to a checkpoint.
package struct HostFacts: Sendable, Hashable, Codable {
  /// Such as `x86_64`.
  package var architecture: String
  /// Such as `6.18.44`.
  package var kernel: String
  /// The random id that the kernel chose when it booted.
  package var boot: String
  /// The processor's maker and model, for people.
  package var processor: String
  /// The features that the processor offers to programs.
  package var processorFeatures: [String]
  /// Bytes that the kernel saves for a thread's vector registers: XSAVE's layout.
  package var vectorStateSize: UInt32

  package init(
    architecture: String, kernel: String, boot: String, processor: String,
    processorFeatures: [String], vectorStateSize: UInt32
  ) {
    self.architecture = architecture
    self.kernel = kernel
    self.boot = boot
    self.processor = processor
    self.processorFeatures = processorFeatures
    self.vectorStateSize = vectorStateSize
  }

  /// This machine.
  package static func current() -> HostFacts {
    let processor = Host.cpu
    return HostFacts(
      architecture: Host.architecture, kernel: Host.kernelRelease, boot: Host.bootID ?? "",
      processor: processor.model, processorFeatures: processor.flags.sorted(),
      vectorStateSize: processor.xsaveSize)
  }
}
