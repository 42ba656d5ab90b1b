import Linux

/// Writing: POSIX ustar, with pax records for what that has no room for.
extension TarMember {
  /// The blocks before its content.
  var header: [UInt8] {
    let records = self.records
    guard !records.isEmpty else { return block(pathBytes, type, size: size, link: linkBytes) }
    let last = Array(pathBytes.split(separator: UInt8(ascii: "/")).last ?? [])
    return TarMember(path: "", kind: .file(size: 0), modified: modified)
      .block(Array("PaxHeaders/".utf8) + last, UInt8(ascii: "x"), size: Int64(records.count))
      + records + [UInt8](repeating: 0, count: Self.padding(after: Int64(records.count)))
      + block(pathBytes, type, size: size, link: linkBytes)
  }

  /// What ends an archive.
  static let end = [UInt8](repeating: 0, count: 2 * block)

  private var pathBytes: [UInt8] {
    Array(path.utf8) + (kind == .directory ? [UInt8(ascii: "/")] : [])
  }

  private var linkBytes: [UInt8] {
    switch kind {
    case .hardLink(let target), .symbolicLink(let target): Array(target.utf8)
    default: []
    }
  }

  private var type: UInt8 {
    switch kind {
    case .file, .socket: UInt8(ascii: "0")
    case .hardLink: UInt8(ascii: "1")
    case .symbolicLink: UInt8(ascii: "2")
    case .whiteout: UInt8(ascii: "3")
    case .directory: UInt8(ascii: "5")
    case .fifo: UInt8(ascii: "6")
    }
  }

  /// The pax records, in a fixed order.
  private var records: [UInt8] {
    var all: [UInt8] = []
    let add = { (key: String, value: [UInt8]) in all += Self.record(key, value) }
    if kind == .socket { add(Self.commentKey, Array(Self.socketComment.utf8)) }
    if pathBytes.count > 100 { add("path", pathBytes) }
    if linkBytes.count > 100 { add("linkpath", linkBytes) }
    if !Self.fits(size, digits: 11) { add("size", Array("\(size)".utf8)) }
    if !Self.fits(Int64(owner), digits: 7) { add("uid", Array("\(owner)".utf8)) }
    if !Self.fits(Int64(group), digits: 7) { add("gid", Array("\(group)".utf8)) }
    if modified.nanoseconds != 0 || !Self.fits(modified.seconds, digits: 11) {
      add("mtime", Array(PaxTime.text(modified).utf8))
    }
    for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
      add(Self.attributeKey + name, value)
    }
    return all
  }

  /// `LENGTH KEY=VALUE` and a line feed; the length counts its own digits.
  private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
    let rest = Array(" \(key)=".utf8) + value + [UInt8(ascii: "\n")]
    var length = rest.count
    while "\(length)".utf8.count + rest.count != length {
      length = "\(length)".utf8.count + rest.count
    }
    return Array("\(length)".utf8) + rest
  }

  private func block(
    _ name: [UInt8], _ type: UInt8, size: Int64, link: [UInt8] = []
  ) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.block)
    func put(_ value: some Collection<UInt8>, _ place: Int) {
      bytes.replaceSubrange(place..<place + value.count, with: value)
    }
    func number(_ value: Int64, _ place: Int, _ digits: Int) {
      // What does not fit is in a pax record.
      let text = String(Self.fits(value, digits: digits) ? value : 0, radix: 8)
      put((String(repeating: "0", count: digits - text.utf8.count) + text).utf8, place)
    }
    put(name.prefix(100), 0)
    number(Int64(mode.rawValue), 100, 7)
    number(Int64(owner), 108, 7)
    number(Int64(group), 116, 7)
    number(size, 124, 11)
    number(modified.seconds, 136, 11)
    put("        ".utf8, 148)
    put([type], 156)
    put(link.prefix(100), 157)
    put(Array("ustar\0".utf8) + Array("00".utf8), 257)
    if kind == .whiteout {
      number(0, 329, 7)
      number(0, 337, 7)
    }
    number(bytes.reduce(into: Int64(0)) { $0 += Int64($1) }, 148, 6)
    put([0, UInt8(ascii: " ")], 154)
    return bytes
  }

  private static func fits(_ value: Int64, digits: Int) -> Bool {
    value >= 0 && value < 1 << Int64(digits * 3)
  }
}

/// A moment as pax writes it: seconds with a decimal point.
enum PaxTime {
  static func text(_ time: Timestamp) -> String {
    guard time.nanoseconds != 0 else { return "\(time.seconds)" }
    // Before 1970 the seconds are below the moment, and the fraction goes up from there.
    var (seconds, fraction) = (time.seconds, time.nanoseconds)
    if seconds < 0 { (seconds, fraction) = (seconds + 1, 1_000_000_000 - fraction) }
    let digits = String("\(1_000_000_000 + Int64(fraction))".dropFirst())
    return (time.seconds < 0 && seconds == 0 ? "-0" : "\(seconds)") + "." + digits
  }

  static func parse(_ text: String) -> Timestamp? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let seconds = Int64(first) else { return nil }
    guard parts.count == 2 else { return Timestamp(seconds: seconds) }
    let digits = parts[1].prefix(9)
    guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
      let fraction = Int32(digits + String(repeating: "0", count: 9 - digits.count))
    else { return nil }
    guard first.hasPrefix("-"), fraction > 0, seconds > .min else {
      return Timestamp(seconds: seconds, nanoseconds: fraction)
    }
    return Timestamp(seconds: seconds - 1, nanoseconds: 1_000_000_000 - fraction)
  }
}
