import Linux
import TestBed
import Testing

@Suite(.timeLimit(.minutes(1)), .enabled(if: Machine.isRoot, "needs root"))
struct SpawnRightsTests {
  /// What the kernel says about a program that was started so.
  private func status(_ change: (inout Spawn) -> Void) throws -> String {
    var spawn = Spawn("cat", ["/proc/self/status"])
    change(&spawn)
    let result = try spawn.run(deadline: .after(.seconds(20)))
    #expect(result.isSuccess, "\(result.errorText)")
    return result.text
  }

  @Test func `user, groups and no rights`() throws {
    let text = try status { spawn in
      spawn.user = 12_345
      spawn.group = 23_456
      spawn.supplementaryGroups = [7, 8]
    }
    #expect(field("Uid", of: text) == "12345\t12345\t12345\t12345")
    #expect(field("Gid", of: text) == "23456\t23456\t23456\t23456")
    #expect(field("Groups", of: text)?.split(separator: " ").joined(separator: " ") == "7 8")
    let sets = CapabilitySets(parsing: text)
    #expect(sets.effective.isEmpty && sets.permitted.isEmpty && sets.ambient.isEmpty)
  }

  @Test func `another user loses this one's groups`() throws {
    let text = try status { $0.user = 12_345 }
    #expect(field("Groups", of: text) == "")
  }

  @Test func `another user keeps the capabilities that were chosen`() throws {
    let text = try status { spawn in
      spawn.user = 12_345
      spawn.group = 12_345
      spawn.ambientCapabilities = [.checkpointRestore, .netAdmin]
      spawn.boundingCapabilities = [.checkpointRestore, .netAdmin, .chown]
    }
    let sets = CapabilitySets(parsing: text)
    let chosen: Set<Capability> = [.checkpointRestore, .netAdmin]
    #expect(sets.effective == chosen && sets.permitted == chosen && sets.ambient == chosen)
    #expect(sets.inheritable == chosen)
    #expect(sets.bounding == chosen.union([.chown]))
  }

  @Test func `root without any capability`() throws {
    let text = try status { spawn in
      spawn.ambientCapabilities = []
      spawn.boundingCapabilities = []
      spawn.noNewPrivileges = true
    }
    var none = CapabilitySets()
    none.bounding = []
    #expect(CapabilitySets(parsing: text) == none)
    #expect(field("NoNewPrivs", of: text) == "1")
    #expect(field("Uid", of: text) == "0\t0\t0\t0")
  }

  @Test func `without the right to change users, the step is told`() async {
    await #expect(processExitsWith: .success) {
      var sets = CapabilitySets.current()
      sets.effective.subtract([.setUID, .setGID])
      try sets.apply()
      var spawn = Spawn("true")
      spawn.user = 1
      let error = #expect(throws: SpawnError.self) { _ = try spawn.start() }
      #expect(error?.step == "setgroups")
      #expect(error?.errno == .permission)
    }
  }

  @Test func `the parent stays as it is`() async {
    await #expect(processExitsWith: .success) {
      let before = CapabilitySets.current()
      #expect(!before.effective.isEmpty)
      var spawn = Spawn("true")
      spawn.user = 12_345
      spawn.ambientCapabilities = []
      spawn.boundingCapabilities = []
      let result = try spawn.run(deadline: .after(.seconds(20)))
      #expect(result.isSuccess)
      #expect(CapabilitySets.current() == before)
      #expect(Host.user == 0)
    }
  }
}
