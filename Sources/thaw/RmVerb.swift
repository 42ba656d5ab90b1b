import Arguments
enum RmVerb { static let command = Command("rm", summary: "x.", run: { _ in .success }) }
