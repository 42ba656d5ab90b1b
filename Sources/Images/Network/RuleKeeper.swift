import Linux

/// An `nft` that owns a container's table for as long as it runs, and reads its commands from our
/// pipe.
///
/// The pipe closes when this process ends, however it ends; then nft ends, and the kernel drops the
/// table.
struct RuleKeeper: ~Copyable, Sendable {
  private let tool: NetworkTool

  /// Starts nft and hands it the rules; ``confirm(deadline:)`` waits until they are in force.
  init(_ rules: NetworkRules) throws(EngineError) {
    let tool = try NetworkTool("nft", ["--interactive"], package: "nftables")
    // It answers the second command when it is done with the first.
    try tool.tell([rules.command, "list chain ip \(rules.table) input"])
    self.tool = tool
  }

  /// Waits until the rules are in force.
  ///
  /// - Throws: `.networkFailed` with nft's words.
  func confirm(deadline: Deadline) throws(EngineError) {
    let answer = try tool.answer(deadline: deadline) { text in
      text.hasSuffix("\n}\n") || text.contains("Error:")
    }
    guard !answer.contains("Error:"), answer.hasSuffix("\n}\n") else {
      let line = answer.split(separator: "\n").first { $0.contains("Error:") }
      throw EngineError(
        .networkFailed, "nft", line.map(String.init) ?? "no answer: \(answer.trimmed)",
        fix: "the kernel needs nf_tables with NAT, from 5.12 on: `modprobe nft_chain_nat`")
    }
  }

  /// Drops the rules, and waits until nft has ended.
  consuming func close() {
    tool.end()
  }
}
