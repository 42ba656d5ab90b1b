import Arguments
enum StopVerb { static let command = Command("stop", summary: "x.", run: { _ in .success }) }
