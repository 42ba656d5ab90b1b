import CRIU

/// A set of whole pages, as ascending ranges of addresses that do not touch each other.
package struct Pages: Sendable, Hashable, Codable {
  /// The ranges, in ascending order.
  package private(set) var ranges: [Range<UInt64>] = []

  /// No pages.
  package init() {}

  /// Takes ranges in any order; they may overlap.
  package init(_ ranges: some Sequence<Range<UInt64>>) {
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) { append(range) }
  }

  /// Adds a range that does not begin before the last one.
  package mutating func append(_ range: Range<UInt64>) {
    guard !range.isEmpty else { return }
    if let last = ranges.last, last.upperBound >= range.lowerBound {
      ranges[ranges.count - 1] =
        last.lowerBound..<Swift.max(last.upperBound, range.upperBound)
    } else {
      ranges.append(range)
    }
  }

  /// How many pages there are.
  package var count: UInt64 {
    ranges.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) } / Pagemap.pageSize
  }

  /// All of both sets.
  package func union(_ other: Pages) -> Pages { Pages(ranges + other.ranges) }

  /// Whether any page of a range is in the set.
  package func overlaps(_ range: Range<UInt64>) -> Bool {
    let index = firstIndex(endingAfter: range.lowerBound)
    return index < ranges.count && ranges[index].lowerBound < range.upperBound
  }

  /// Cuts a range into the parts that are in the set and those that are not, in ascending order.
  package func split(_ range: Range<UInt64>) -> [(range: Range<UInt64>, isMember: Bool)] {
    var parts: [(range: Range<UInt64>, isMember: Bool)] = []
    var position = range.lowerBound
    var index = firstIndex(endingAfter: position)
    while index < ranges.count, ranges[index].lowerBound < range.upperBound {
      let inside = ranges[index].clamped(to: range)
      if position < inside.lowerBound { parts.append((position..<inside.lowerBound, false)) }
      if !inside.isEmpty { parts.append((inside, true)) }
      position = Swift.max(position, inside.upperBound)
      index += 1
    }
    if position < range.upperBound { parts.append((position..<range.upperBound, false)) }
    return parts
  }

  /// The first range that ends behind an address.
  private func firstIndex(endingAfter address: UInt64) -> Int {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound <= address { low = middle + 1 } else { high = middle }
    }
    return low
  }

  // Numbers in turns, start and end: half of what ranges as objects would take.
  package init(from decoder: any Decoder) throws {
    let numbers = try [UInt64](from: decoder)
    guard numbers.count % 2 == 0 else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "an odd number of addresses"))
    }
    for index in stride(from: 0, to: numbers.count, by: 2) {
      guard numbers[index] < numbers[index + 1],
        ranges.last.map({ $0.upperBound < numbers[index] }) ?? true
      else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "addresses out of order"))
      }
      ranges.append(numbers[index]..<numbers[index + 1])
    }
  }

  package func encode(to encoder: any Encoder) throws {
    try ranges.flatMap { [$0.lowerBound, $0.upperBound] }.encode(to: encoder)
  }
}
