package import Linux

/// How figures are written for people, in one place for all commands.
///
/// Two digits that mean something, three for large ones: nobody compares milliseconds of a run that
/// takes minutes.
package enum Human {
  /// A length of time: `0.4 ms`, `6.3 ms`, `63 ms`, `6.8 s`, `42 s`, `2 min 5 s`, `3 h 12 min`, `2
  /// d 3 h`.
  ///
  /// Negative ones have a minus sign in front.
  package static func text(_ duration: Duration) -> String {
    if duration < .zero { return "-" + text(.zero - duration) }
    let (seconds, attoseconds) = duration.components
    // Rounded in the unit that is shown, so that 999.6 ms is 1.0 s and 59.96 s is 1 min 0 s.
    let microseconds = attoseconds / 1_000_000_000_000
    if seconds == 0, microseconds < 9_950 { return tenths((microseconds + 50) / 100) + " ms" }
    if seconds == 0, microseconds < 999_500 { return "\((microseconds + 500) / 1000) ms" }
    let millis = seconds * 1000 + (microseconds + 500) / 1000
    if millis < 9_950 { return tenths((millis + 50) / 100) + " s" }
    let whole = (millis + 500) / 1000
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    let minutes = (whole + 30) / 60
    if minutes < 24 * 60 { return "\(minutes / 60) h \(minutes % 60) min" }
    let hours = (minutes + 30) / 60
    return "\(hours / 24) d \(hours % 24) h"
  }

  /// A size: `144 MB`, in units of 1000.
  package static func text(_ bytes: ByteCount) -> String { bytes.description }

  /// A part of a size: `62 of 144 MB`, `950 kB of 1.2 MB`.
  package static func text(_ part: ByteCount, of whole: ByteCount) -> String {
    let (a, b) = (part.description, whole.description)
    let (first, second) = (a.split(separator: " "), b.split(separator: " "))
    return first.last == second.last && first.count == 2 ? "\(first[0]) of \(b)" : "\(a) of \(b)"
  }

  /// A whole number with its thousands apart: `8,446`.
  package static func text(_ count: some BinaryInteger) -> String {
    let digits = Array(String(count.magnitude))
    var text = count < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// How many times more: `1.4×`, `27×`, `1,204×`; `-` where there is nothing to compare with.
  package static func text(ratio: Double) -> String {
    guard ratio.isFinite, ratio >= 0, ratio < 1e15 else { return "-" }
    return (ratio < 9.95 ? tenths(Int64((ratio * 10).rounded())) : text(Int64(ratio.rounded())))
      + "×"
  }

  /// How long ago something was: `just now`, `5 minutes ago`, `2 days ago`.
  package static func text(ago duration: Duration) -> String {
    let seconds = max(0, duration.components.seconds)
    for (name, length) in [("day", 86400), ("hour", 3600), ("minute", 60)] as [(String, Int64)]
    where seconds >= length {
      let number = seconds / length
      return "\(text(number)) \(name)\(number == 1 ? "" : "s") ago"
    }
    return seconds < 10 ? "just now" : "\(seconds) seconds ago"
  }

  private static func tenths(_ number: Int64) -> String { "\(number / 10).\(number % 10)" }
}
