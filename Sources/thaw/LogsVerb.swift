import Arguments
enum LogsVerb { static let command = Command("logs", summary: "x.", run: { _ in .success }) }
