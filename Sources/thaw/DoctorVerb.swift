import Arguments
enum DoctorVerb { static let command = Command("doctor", summary: "x.", run: { _ in .success }) }
