import Linux

/// Makes figures of samples, in the order in which they are read.
struct FigureCollection {
  let server: String
  /// All samples of each series.
  let samples: [BenchSeries: [BenchSample]]
  /// The series in their order.
  let order: [BenchSeries]
  /// The size of the checkpoint.
  let size: ByteCount?
  /// Who started them.
  var engine = BenchEngine.runc

  /// All of them.
  var figures: [Figure] {
    var figures = times + ratios(times) + memory
    if let size, order.contains(where: { $0.way == .hot }) {
      figures.append(
        Figure(server: server, Figure.Name.checkpoint, .hot, unit: "MB", [size.megabytes]))
    }
    return (figures + phases).map { figure in
      var figure = figure
      figure.engine = engine.rawValue
      return figure
    }
  }

  private var times: [Figure] {
    figure(Figure.Name.firstAnswer, unit: "ms", \.firstAnswer)
      + figure(Figure.Name.fromInit, unit: "ms", \.firstAnswerFromInit)
      + figure(Figure.Name.thawedIn, unit: "ms", \.thawed)
      + figure(Figure.Name.inCRIU, unit: "ms", \.criu)
  }

  private func ratios(_ figures: [Figure]) -> [Figure] {
    var ratios: [Figure?] = []
    let cold = figures.first(Figure.Name.firstAnswer, .cold)
    for way in [BenchWay.hot, .warm] {
      guard let cold, let thawed = figures.first(Figure.Name.firstAnswer, way) else { continue }
      var ratio = Figure.ratio(Figure.Name.timesFasterThanCold, cold, to: thawed)
      ratio?.way = way.rawValue
      ratios.append(ratio)
    }
    if let hot = figures.first(Figure.Name.fromInit, .hot),
      let criu = figures.first(Figure.Name.fromInit, .criu)
    {
      var ratio = Figure.ratio(Figure.Name.timesFaster, criu, to: hot)
      ratio?.way = BenchWay.hot.rawValue
      ratios.append(ratio)
    }
    if let hot = figures.first(Figure.Name.firstAnswer, .hot),
      let restore = figures.first(Figure.Name.firstAnswer, .restore)
    {
      var ratio = Figure.ratio(Figure.Name.timesFasterThanRestore, restore, to: hot)
      ratio?.way = BenchWay.hot.rawValue
      ratios.append(ratio)
    }
    let hello = figures.first(Figure.Name.firstAnswer, .hello)
    for way in [BenchWay.hot, .warm] {
      guard let hello, let thawed = figures.first(Figure.Name.firstAnswer, way) else { continue }
      ratios.append(.ratio(Figure.Name.timesHello, thawed, to: hello))
    }
    return ratios.compactMap { $0 }
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
