import Terminal

/// Figures as a page: what was to be reached, pictures, and a table of all.
struct BenchPage {
  let figures: [Figure]
  let facts: MachineFacts

  /// The servers in the order in which they appear, without those that only differ in their heap.
  private var servers: [String] {
    var servers: [String] = []
    for figure in figures
    where HeapGrowth.size(of: figure.server) == nil && !servers.contains(figure.server) {
      servers.append(figure.server)
    }
    return servers
  }

  /// The whole file.
  func html() -> String {
    var page = Page(
      title: "Thaw: figures",
      summary:
        "Each start is one of its own; all ways of a server are measured in turns in one run. "
        + "Figures are medians, unless said otherwise.")
    page.add(facts: facts.rows)
    addGoals(to: &page)
    for server in servers { add(server, to: &page) }
    addGrowth(to: &page)
    page.add(heading: "All figures")
    page.add(FigureText.table(figures))
    return page.html()
  }

  private func addGoals(to page: inout Page) {
    let judged = figures.filter { $0.holds != nil }
    guard !judged.isEmpty else { return }
    let short = judged.filter { $0.holds == false }
    page.add(heading: "To reach")
    page.add(
      paragraph: "\(judged.count - short.count) of \(judged.count) figures hold. "
        + (short.isEmpty ? "" : "The others fall short by what their row says."))
    let isMixed = Set(judged.map(\.server)).count > 1
    let isAmongEngines = FigureText.isAmongEngines(judged)
    var table = Table(
      (isMixed ? [.init("SERVER")] : []) + (isAmongEngines ? [.init("ENGINE")] : []) + [
        .init("FIGURE"), .init("WAY"), .init("CACHE"), .init("MEASURED", .right),
        .init("TO REACH"),
        .init("RESULT"),
      ])
    for figure in judged {
      table.add(
        (isMixed ? [.init(figure.server)] : [])
          + (isAmongEngines ? [.init(figure.engine)] : []) + [
            .init(figure.figure), .init(figure.way), .init(figure.cache),
            .init(FigureText.value(figure.median, unit: figure.unit)),
            .init(FigureText.goal(figure)),
            .init(FigureText.verdict(figure), figure.holds == true ? .green : .red),
          ])
    }
    page.add(table)
  }

  private func add(_ server: String, to page: inout Page) {
    let charts = BenchCharts(server: server, figures: figures.filter { $0.server == server })
    let pictures = [
      charts.fromInit, charts.firstAnswers, charts.timeLine, charts.parts, charts.inCRIU,
      charts.memory, charts.freezes, charts.throughput, charts.firstAnswers(in: .docker),
      charts.firstAnswers(in: .podman),
    ].compactMap { $0 }
    guard !pictures.isEmpty else { return }
    page.add(heading: server)
    for picture in pictures { page.add(picture) }
  }

  private func addGrowth(to page: inout Page) {
    guard let growth = HeapGrowth(figures) else { return }
    page.add(heading: "Growth with the heap")
    page.add(
      paragraph:
        "A Java server that holds so much live data, frozen once, then thawed and restored in turns."
    )
    page.add(growth.chart)
  }
}
