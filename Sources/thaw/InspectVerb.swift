import Arguments
enum InspectVerb { static let command = Command("inspect", summary: "x.", run: { _ in .success }) }
