/// Lays out the line of a phase on a terminal.
struct PhaseLine {
  let surface: Surface

  /// The line of a phase that runs, over what stood there: sign, name, bar, part, count, time,
  /// detail.
  ///
  /// What does not fit is left out, the least important first; the last column stays free, as a
  /// character in it would make some terminals go on in the next line.
  func running(_ phase: PhaseState, frame: Int, nameWidth: Int, now: Duration) -> String {
    let symbols = surface.symbols
    let sign = symbols.spinner[frame % symbols.spinner.count]
    var room = surface.columns - 1 - TextWidth.columns(of: sign) - 1
    let nameColumns = min(nameWidth, max(8, room / 2))
    let name = TextWidth.padded(
      TextWidth.fitted(phase.name, to: nameColumns, mark: symbols.ellipsis), to: nameColumns)
    room -= nameColumns
    let time = Human.text(coarse(now - phase.started))
    var parts: [String] = []
    func take(_ text: String) -> Bool {
      let columns = TextWidth.columns(of: text) + 2
      guard !text.isEmpty, columns <= room else { return false }
      room -= columns
      return true
    }
    let hasTime = take(time)
    let percent = phase.fraction.map { percentage($0) } ?? ""
    let hasPercent = take(percent)
    let hasCounter = take(phase.counter)
    if let fraction = phase.fraction, room >= 12 {
      let columns = min(24, room - 2)
      parts.append(bar(fraction, columns: columns))
      room -= columns + 2
    }
    if hasPercent { parts.append(percent) }
    if hasCounter { parts.append(phase.counter) }
    if hasTime { parts.append(surface.styled(time, .dim)) }
    if !phase.detail.isEmpty, room >= 10 {
      let detail = TextWidth.fitted(phase.detail, to: room - 2, mark: symbols.ellipsis)
      parts.append(surface.styled(detail, .dim))
    }
    let line = ([surface.styled(sign, .cyan) + " " + name] + parts).joined(separator: "  ")
    return trimmed(line) + "\u{1B}[K\n"
  }

  /// The line of a phase that has ended, which stays.
  func ended(
    _ phase: PhaseState, sign: String, _ style: Style, text: String, time: String
  ) -> String {
    var line = surface.styled(sign, .bold, style) + " " + phase.name
    let room =
      surface.columns - 1 - TextWidth.columns(of: sign + phase.name + time) - 5
    if !text.isEmpty, room >= 8 {
      line += "  " + TextWidth.fitted(text, to: room, mark: surface.symbols.ellipsis)
    }
    return line + "  " + surface.styled(time, .dim) + "\n"
  }

  /// A bar; with half columns where there is a sign for them.
  func bar(_ fraction: Double, columns: Int) -> String {
    let signs = surface.symbols.bar
    let inner = columns - signs.start.count - signs.end.count
    let halves = Int((fraction * Double(inner * 2)).rounded(.down))
    let full = halves / 2
    let hasHalf = halves % 2 == 1 && !signs.half.isEmpty
    let done = String(repeating: signs.full, count: full) + (hasHalf ? signs.half : "")
    let rest = String(repeating: signs.empty, count: inner - full - (hasHalf ? 1 : 0))
    return signs.start + surface.styled(done, .cyan) + surface.styled(rest, .dim) + signs.end
  }

  private func percentage(_ fraction: Double) -> String {
    TextWidth.padded("\(Int((fraction * 100).rounded(.down)))%", to: 4, atFront: true)
  }

  /// In steps of a tenth of a second: milliseconds that change ten times a second cannot be read.
  private func coarse(_ time: Duration) -> Duration {
    guard time >= .seconds(1) else {
      return .milliseconds(time.components.attoseconds / 100_000_000_000_000_000 * 100)
    }
    return time
  }

  private func trimmed(_ line: String) -> String {
    var end = line.endIndex
    while end > line.startIndex, line[line.index(before: end)] == " " {
      end = line.index(before: end)
    }
    return String(line[..<end])
  }
}
