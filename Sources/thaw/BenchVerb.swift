import Arguments
enum BenchVerb { static let command = Command("bench", summary: "x.", run: { _ in .success }) }
