/// A version of CRIU.
public struct Version: Hashable, Sendable {
  /// The first number.
  public var major: Int
  /// The second number; a build from git that says one less is a step behind its next release.
  public var minor: Int
  /// The third number, 0 where there is none.
  public var sublevel: Int
  /// A fourth number, of development versions.
  public var extra: Int?
  /// `git describe` of a build from git.
  public var gitID: String?
  /// The name that its authors gave the version.
  public var name: String?

  /// Makes a version.
  public init(_ major: Int, _ minor: Int, _ sublevel: Int = 0) {
    self.major = major
    self.minor = minor
    self.sublevel = sublevel
  }

  /// Makes a version of text such as `4.2.1` or `3.17`; `nil` for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { $0.first.map(\.isNumber) == true ? Int($0) : nil }
    guard (2...3).contains(parts.count), numbers.count == parts.count else { return nil }
    self.init(numbers[0], numbers[1], numbers.count > 2 ? numbers[2] : 0)
  }

  /// The least that Thaw needs: it works on today's kernels, and on what today's JVMs do.
  public static let required = Version(4, 2, 1)
}

extension Version: Comparable, CustomStringConvertible {
  /// Compares the three numbers.
  public static func < (left: Version, right: Version) -> Bool {
    (left.major, left.minor, left.sublevel) < (right.major, right.minor, right.sublevel)
  }

  /// `4.2.1`, or `4.2` where the third number is 0.
  public var description: String {
    sublevel == 0 ? "\(major).\(minor)" : "\(major).\(minor).\(sublevel)"
  }
}
