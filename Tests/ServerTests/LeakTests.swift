import Linux
import TestBed
import Testing

@testable import Server

@Suite(.timeLimit(.minutes(1)))
struct `Nothing is left behind` {
  @Test func `no descriptor and no child after hundreds of questions`() async {
    // In a process of its own: other tests open descriptors as well.
    await #expect(processExitsWith: .success) {
      try Peer.run({ peer in
        _ = try peer.receive(upTo: 1000)
        try peer.send(text: "HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n")
      }) { port in
        let endpoint = Endpoint(port: port)
        let free = Endpoint(port: try freePort())
        let probes: [Probe] = [
          .tcp(endpoint), .tcp(free), .http(HTTPRequest(endpoint: endpoint)),
          .http(HTTPRequest(endpoint: free)),
          .postgresql(PostgreSQLTarget(endpoint: endpoint, user: "me"), query: "SELECT 1"),
          .command(["true"]), .command(["no-such-program"]), .command(["sleep", "1000"]),
        ]
        let ask = {
          for probe in probes { _ = probe.check(deadline: .after(.milliseconds(50))) }
          _ = Readiness(probes: probes).wait(deadline: .after(.milliseconds(20)))
          _ = WarmUp(within: .milliseconds(20), steps: [Step(.command(["sleep", "9"]))]).run()
        }
        ask()
        let before = allOpenDescriptors()
        for _ in 0..<40 { ask() }
        #expect(allOpenDescriptors() <= before)
        #expect(Processes.children(of: Host.processID).isEmpty)
      }
    }
  }
}
