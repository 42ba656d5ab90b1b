import Terminal
import Testing

@Suite struct PageTests {
  @Test func `a page is one file with nothing from elsewhere`() {
    var page = Page(title: "A & B", summary: "What <it> is.")
    page.add(heading: "Part \"one\"")
    page.add(facts: [("kernel", "6.18 <x>")])
    page.add(ChartTests.comparison)
    page.add(LineChartTests.growth)
    let html = page.html()
    #expect(html.hasPrefix("<!DOCTYPE html>\n") && html.hasSuffix("</html>\n"))
    #expect(html.contains("<title>A &amp; B</title>"))
    #expect(html.contains("<p>What &lt;it&gt; is.</p>"))
    #expect(html.contains("<h2>Part &quot;one&quot;</h2>"))
    #expect(html.contains("<dt>kernel</dt><dd>6.18 &lt;x&gt;</dd>"))
    #expect(html.ranges(of: "<svg ").count == 2)
    #expect(html.contains("prefers-color-scheme: dark"))
    for forbidden in ["<script", "<link", "src=", "@import", "url("] {
      #expect(!html.contains(forbidden), "\(forbidden)")
    }
    // The name of SVG's language is the only address.
    #expect(!html.replacing("http://www.w3.org/2000/svg", with: "").contains("http"))
  }

  @Test func `a table in HTML tells figures and verdicts by classes`() {
    var table = Table([.init("NAME"), .init("VALUE", .right), .init("RESULT")])
    table.add([.init("<a>"), .init("1"), .init("short", .red)])
    table.add([.init("b"), .init("2"), .init("holds", .green)])
    #expect(
      table.html() == """
        <div class="table"><table>
        <thead><tr><th>NAME</th><th class="figure">VALUE</th><th>RESULT</th></tr>
        </thead>
        <tbody>
        <tr><td>&lt;a&gt;</td><td class="figure">1</td><td class="red">short</td></tr>
        <tr><td>b</td><td class="figure">2</td><td class="green">holds</td></tr>
        </tbody>
        </table></div>

        """)
  }
}
