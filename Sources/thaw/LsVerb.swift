import Arguments
enum LsVerb { static let command = Command("ls", summary: "x.", run: { _ in .success }) }
