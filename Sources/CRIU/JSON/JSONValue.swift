/// A value of JSON, with whole numbers of any size that CRIU has and members in their order.
public indirect enum JSONValue: Hashable, Sendable {
  /// One member of an object.
  public struct Member: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The value.
    public let value: JSONValue

    /// Makes a member.
    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number; fractions do not occur in CRIU's images.
  case number(Int128)
  /// A text.
  case string(String)
  /// Values in order.
  case array([JSONValue])
  /// Members in order.
  case object([Member])

  /// The first member of that name, `nil` where there is none or this is no object.
  public subscript(_ name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The elements of an array, `nil` for anything else.
  public var array: [JSONValue]? {
    if case .array(let values) = self { values } else { nil }
  }

  /// The text of a string, `nil` for anything else.
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The whole number, `nil` for anything else.
  public var number: Int128? {
    if case .number(let number) = self { number } else { nil }
  }
}

extension JSONValue {
  /// Reads a JSON text; nil if it is none, or has numbers with fractions.
  public init?(parsing text: String) {
    // Where it is wrong does not matter to those who only ask whether it is.
    guard let value = try? JSONParser.parse(text) else { return nil }
    self = value
  }

  /// The same object with a member set, in its place or at the end; `nil` removes it.
  ///
  /// What is no object becomes one.
  public func setting(_ name: String, to value: JSONValue?) -> JSONValue {
    var members: [Member] = []
    if case .object(let found) = self { members = found }
    let place = members.firstIndex { $0.name == name }
    switch (place, value) {
    case (let place?, let value?): members[place] = Member(name, value)
    case (let place?, nil): members.remove(at: place)
    case (nil, let value?): members.append(Member(name, value))
    case (nil, nil): break
    }
    return .object(members)
  }
}
