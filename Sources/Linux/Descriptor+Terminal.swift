import CLinux
import Glibc

/// Terminals.
extension Descriptor {
  /// Whether a descriptor that somebody owns is a terminal.
  public static func isTerminal(_ rawValue: Int32) -> Bool { isatty(rawValue) == 1 }

  /// The rows and columns of a terminal; nil if it is none, or does not know.
  public static func windowSize(_ rawValue: Int32) -> (rows: Int, columns: Int)? {
    var rows: UInt16 = 0
    var columns: UInt16 = 0
    guard clinux_window_size(rawValue, &rows, &columns) == 0, columns > 0 else { return nil }
    return (Int(rows), Int(columns))
  }
}
