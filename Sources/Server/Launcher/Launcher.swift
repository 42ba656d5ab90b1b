package import Linux

/// The Java program that takes a server's `main` in charge: loads and exercises its code, closes it again, and waits to be
/// thawed before it runs that `main` (`Launcher/`).
package enum Launcher {
  /// Where its jar lies in a server's file system.
  package static let jar: Path = "/usr/local/lib/thaw/launcher.jar"
  /// Where it and PID 1 meet: in memory, which every engine's container has there.
  package static let folder: Path = "/dev/shm/thaw"
  /// The FIFO whose writer ends the exercise.
  package static let close = folder / "close"
  /// The FIFO that the launcher writes to when it waits.
  package static let parked = folder / "parked"
  /// The FIFO whose writer starts `main`.
  package static let main = folder / "main"
  /// What `main` is to be started with; the launcher removes it.
  package static let request = folder / "main.request"

  /// What it changes of the JDK's own state after a thaw, which takes the packages to be opened.
  private static let opened = [
    "java.lang", "java.util", "java.util.concurrent", "java.net",
  ].map { "--add-opens=java.base/\($0)=ALL-UNNAMED" }

  /// The command that starts a server's launcher instead of its `main`.
  ///
  /// - Parameters:
  ///   - command: the server's command, such as `java … -cp shop.jar shop.Main`.
  ///   - warm: how it is to be loaded.
  /// - Returns: the command, nil if it names no class path before its `main`.
  package static func command(_ command: [String], _ warm: Recipe.Warm) -> [String]? {
    guard let main = command.dropFirst().firstIndex(of: warm.main),
      let place = classPath(in: command[..<main])
    else { return nil }
    var command = command
    command[place] += ":\(jar)"
    var own = opened + ["-Dthaw.launch=\(folder)"]
    if let exercise = warm.exercise { own.append("-Dthaw.exercise=\(exercise.name)") }
    command.insert("thaw.Launcher", at: main)
    command.insert(contentsOf: own, at: 1)
    return command
  }

  /// The last word that is a class path, or begins with one.
  private static func classPath(in words: ArraySlice<String>) -> Int? {
    words.indices.last { index in
      let before = index > words.startIndex ? words[index - 1] : ""
      return ["-cp", "-classpath", "--class-path"].contains(before)
        || words[index].hasPrefix("--class-path=")
    }
  }

  /// Today's start of a server's `main`, as the launcher reads it.
  package static func request(
    arguments: [String], environment: [String: String], workingDirectory: Path
  ) -> [UInt8] {
    let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let texts =
      ["1", workingDirectory.string, "\(arguments.count)"] + arguments
      + ["\(variables.count)"] + variables
    return texts.flatMap { Array($0.utf8) + [0] }
  }
}

extension Recipe.Exercise {
  /// What the launcher is told: a file in its folder, or a class.
  fileprivate var name: String {
    switch self {
    case .clojure: "\(Launcher.folder / Self.fileName)"
    case .type(let name): name
    }
  }

  /// What a Clojure file is called there.
  package static let fileName = "exercise.clj"
}
