import Linux

/// Asks again and again, with pauses of a few milliseconds, until a condition holds or the time is
/// over.
///
/// For states that cannot be waited on. Returns whether the condition held.
public func eventually(
  within limit: Duration = .seconds(10), _ condition: () throws -> Bool
) rethrows -> Bool {
  let deadline = Deadline.after(limit)
  var pause = Duration.milliseconds(1)
  while true {
    if try condition() { return true }
    if deadline.hasPassed { return false }
    deadline.or(after: pause).pass()
    pause = min(pause * 2, .milliseconds(20))
  }
}

/// Asks again and again, with pauses of a few milliseconds, until there is a value or the time is
/// over.
public func eventually<Value>(
  within limit: Duration = .seconds(10), _ value: () throws -> Value?
) rethrows -> Value? {
  var found: Value?
  _ = try eventually(within: limit) { () throws -> Bool in
    found = try value()
    return found != nil
  }
  return found
}
