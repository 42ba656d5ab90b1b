import Linux

/// Makes figures of samples, in the order in which they are read.
struct FigureCollection {
  let server: String
  /// All samples of each series.
  let samples: [BenchSeries: [BenchSample]]
  /// The series in their order.
  let order: [BenchSeries]
  /// The size of the checkpoint.
  let size: ByteCount

  /// All of them.
  var figures: [Figure] {
    var figures = times + ratios(times) + memory
    if order.contains(where: { $0.way == .hot }) {
      figures.append(
        Figure(server: server, Figure.Name.checkpoint, .hot, unit: "MB", [size.megabytes]))
    }
    return figures + phases
  }

  private var times: [Figure] {
    figure(Figure.Name.firstAnswer, unit: "ms", \.firstAnswer)
      + figure(Figure.Name.fromInit, unit: "ms", \.firstAnswerFromInit)
      + figure(Figure.Name.inCRIU, unit: "ms", \.criu)
  }

  private func ratios(_ figures: [Figure]) -> [Figure] {
    var ratios: [Figure?] = []
    if let hot = figures.first(Figure.Name.firstAnswer, .hot),
      let cold = figures.first(Figure.Name.firstAnswer, .cold)
    {
      ratios.append(.ratio("times faster than a cold start", cold, to: hot))
    }
    if let hot = figures.first(Figure.Name.fromInit, .hot),
      let criu = figures.first(Figure.Name.fromInit, .criu)
    {
      ratios.append(.ratio(Figure.Name.timesFaster, criu, to: hot))
    }
    return ratios.compactMap { ratio in
      var ratio = ratio
      ratio?.way = BenchWay.hot.rawValue
      return ratio
    }
  }

  private var memory: [Figure] {
    figure(Figure.Name.resident, unit: "MB") { $0.memory?.resident.megabytes }
      + figure(Figure.Name.own, unit: "MB") { $0.memory?.changed.megabytes }
      + figure(Figure.Name.residentLater, unit: "MB") { $0.memoryAfterRequests?.resident.megabytes }
      + figure(Figure.Name.ownLater, unit: "MB") { $0.memoryAfterRequests?.changed.megabytes }
  }

  private var phases: [Figure] {
    order.flatMap { series in
      let samples = samples[series] ?? []
      var names: [String] = []
      for name in samples.flatMap(\.phases).map(\.name) where !names.contains(name) {
        names.append(name)
      }
      return names.map { name in
        Figure(
          server: server, Figure.Name.phase + name, series.way, series.cache, unit: "ms",
          samples.compactMap { $0.phases.first { $0.name == name }?.length })
      }
    }
  }

  /// One figure for each series that has values of it.
  private func figure(
    _ name: String, unit: String, _ value: (BenchSample) -> Double?
  ) -> [Figure] {
    order.compactMap { series in
      let values = (samples[series] ?? []).compactMap(value)
      guard !values.isEmpty else { return nil }
      return Figure(server: server, name, series.way, series.cache, unit: unit, values)
    }
  }
}

extension ProcessMemory {
  /// What it cannot share: pages that are in no file or no longer as in their file.
  ///
  /// The rest of its memory are pages of files, of which the page cache has one copy for all.
  var changed: ByteCount { privateDirty + sharedDirty }
}
