import Linux
import Synchronization

/// The lines of running phases on a terminal.
extension Output {
  var draws: Bool { notes.isTerminal && !isQuiet && !isJSON }

  /// The surface with the width that the terminal has at this moment.
  func surfaceNow() -> Surface {
    var surface = notes
    if let size = Descriptor.windowSize(noteStream.rawValue) { surface.columns = size.columns }
    return surface
  }

  /// Takes the lines away, so that others can be written in their place.
  func clear(_ state: inout State) {
    guard state.drawnLines > 0 else { return }
    show("\u{1B}[\(state.drawnLines)A\r\u{1B}[J")
    state.drawnLines = 0
  }

  /// Draws the lines anew, over those that stand there, in one write so that nothing flickers.
  func draw(_ state: inout State) {
    guard draws, !state.phases.isEmpty else { return }
    let surface = surfaceNow()
    let rows = Descriptor.windowSize(noteStream.rawValue)?.rows ?? 24
    let now = self.now()
    let line = PhaseLine(surface: surface)
    // What scrolled out of the terminal could not be redrawn: the newest phases are shown.
    let shown = state.phases.suffix(max(1, rows - 1))
    let names = shown.map { TextWidth.columns(of: $0.name) }.max() ?? 0
    var text = state.drawnLines > 0 ? "\u{1B}[\(state.drawnLines)A\r" : ""
    for phase in shown {
      text += line.running(phase, frame: state.frame, nameWidth: names, now: now)
    }
    show(text + "\u{1B}[J")
    state.drawnLines = shown.count
  }

  /// Draws after a phase came or went, and sees to the thread that keeps drawing.
  func redraw(_ state: inout State) {
    guard draws else { return }
    if state.phases.isEmpty {
      clear(&state)
      return
    }
    draw(&state)
    guard !state.isTicking else { return }
    state.isTicking = true
    do throws(Errno) {
      try NamedThread("progress") { [self] in tick() }.detach()
    } catch {
      // Without the thread the lines are drawn when phases come and go, which is enough to work.
      state.isTicking = false
    }
  }

  /// Redraws ten times a second until no phase is left.
  private func tick() {
    do throws(Errno) {
      let timer = try TimerDescriptor()
      try timer.set(after: .milliseconds(100), every: .milliseconds(100))
      while true {
        _ = try timer.wait(deadline: .after(.seconds(1)))
        let isDone = state.withLock { state in
          guard !state.phases.isEmpty else {
            state.isTicking = false
            return true
          }
          state.frame += 1
          draw(&state)
          return false
        }
        if isDone { return }
      }
    } catch {
      // As above: the lines are drawn when phases come and go.
      state.withLock { $0.isTicking = false }
    }
  }
}
