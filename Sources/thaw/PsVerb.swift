import Arguments
enum PsVerb { static let command = Command("ps", summary: "x.", run: { _ in .success }) }
