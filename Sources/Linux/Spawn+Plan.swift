import CLinux
import Glibc

/// A start in the form that C takes.
extension Spawn {
  /// Calls a function with the plan; all that the plan points to lives for that long.
  func withPlan(
    program: String, null: Int32, watchSocket: Int32, _ body: (inout clinux_spawn) -> CInt
  ) -> CInt {
    var table: [Int32: Int32] = [0: null, 1: null, 2: null]
    for (target, source) in descriptors { table[target] = source }
    let targets = table.keys.sorted()
    let sources = targets.map { table[$0] ?? null }
    let values = [name ?? program] + arguments
    let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let offsets = namespaces.contains(.time) ? clockOffsets?.text : nil
    return withStrings(values) { argv in
      withStrings(variables) { envp in
        withText(program) { path in
          withText(workingDirectory?.string) { directory in
            withText(offsets) { offsets in
              targets.withUnsafeBufferPointer { targets in
                sources.withUnsafeBufferPointer { sources in
                  supplementaryGroups.withUnsafeBufferPointer { groups in
                    var plan = clinux_spawn()
                    plan.path = path
                    plan.arguments = argv
                    plan.environment = envp
                    plan.directory = directory
                    plan.time_offsets = offsets
                    plan.targets = targets.baseAddress
                    plan.sources = sources.baseAddress
                    plan.groups = groups.baseAddress
                    plan.descriptor_count = CInt(targets.count)
                    plan.watch_socket = watchSocket
                    fill(&plan)
                    return body(&plan)
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// Everything that is no pointer.
  private func fill(_ plan: inout clinux_spawn) {
    plan.new_session = newSession
    plan.process_group = processGroup
    plan.controlling_terminal = controllingTerminal
    plan.death_signal = parentDeathSignal?.rawValue ?? 0
    plan.user = user.map(Int64.init) ?? -1
    plan.group = group.map(Int64.init) ?? -1
    let setsGroups = user != nil || group != nil || !supplementaryGroups.isEmpty
    plan.group_count = setsGroups ? CInt(supplementaryGroups.count) : -1
    plan.set_capabilities = ambientCapabilities != nil
    plan.capabilities = ambientCapabilities?.bits ?? 0
    plan.set_bounding = boundingCapabilities != nil
    plan.bounding = boundingCapabilities?.bits ?? 0
    plan.no_new_privileges = noNewPrivileges
    plan.file_mode_mask = fileModeMask.map(Int64.init) ?? -1
    plan.namespaces = namespaces.rawValue
    plan.entered_process = entering?.pidfd ?? -1
    plan.entered = entering?.namespaces.rawValue ?? 0
    plan.reset_signals = resetsSignals
    plan.hides_filters = hidesFilters
  }
}

/// Calls a function with a C string, or with null.
private func withText<Result>(
  _ text: String?, _ body: (UnsafePointer<CChar>?) -> Result
) -> Result {
  guard let text else { return body(nil) }
  return text.withCString(body)
}

/// Calls a function with an array of C strings that ends with null.
private func withStrings(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> CInt
) -> CInt {
  // All strings in one block, so that nothing has to be freed one by one.
  var block: [CChar] = []
  var starts: [Int] = []
  for string in strings {
    starts.append(block.count)
    block += string.utf8.map { CChar(bitPattern: $0) }
    block.append(0)
  }
  return block.withUnsafeMutableBufferPointer { bytes in
    var pointers: [UnsafeMutablePointer<CChar>?] = starts.map { start in
      bytes.baseAddress.map { $0 + start }
    }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { list in
      guard let start = list.baseAddress else { return -EINVAL }
      return body(start)
    }
  }
}
