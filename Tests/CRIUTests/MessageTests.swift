import Testing

@testable import CRIU

/// The bytes that a text of hexadecimal digits stands for.
func bytes(_ hex: String) -> [UInt8] {
  let digits = hex.filter(\.isHexDigit)
  return stride(from: 0, to: digits.count, by: 2).compactMap { index in
    UInt8(digits.dropFirst(index).prefix(2), radix: 16)
  }
}

@Suite struct MessageTests {
  static let mapping = bytes("08 80a0 808008 10 80c0 808008 18 00 20 07 28 03 30 22 38 8104 40 01")

  @Test func `golden bytes read as the fields of a mapping`() throws {
    let mapping = Mapping(try Message(.vmaEntry, decoding: Self.mapping))
    #expect(mapping.start == 0x8000_1000 && mapping.end == 0x8000_2000)
    #expect(mapping.length == 4096 && mapping.file == 7)
    #expect(mapping.protection == [.read, .write])
    #expect(mapping.flags == [.private, .anonymous])
    #expect(mapping.status == [.regular, .anonymousPrivate])
    #expect(mapping.descriptor == -1)
    #expect(mapping.message.encoded() == Self.mapping)
  }

  @Test func `a message made by hand has the golden bytes`() {
    var mapping = Mapping()
    mapping.descriptor = -1
    mapping.status = [.regular, .anonymousPrivate]
    mapping.flags = [.private, .anonymous]
    mapping.protection = [.read, .write]
    mapping.file = 7
    mapping.fileOffset = 0
    mapping.end = 0x8000_2000
    mapping.start = 0x8000_1000
    #expect(mapping.message.encoded() == Self.mapping)
  }

  /// A number in a field, and the bytes that stand for it. (A tuple with Int128 crashes Swift 6.3's
  /// test arguments.)
  struct Case: Sendable {
    var schema: Schema
    var name: String
    var value: String
    var hex: String

    init(_ schema: Schema, _ name: String, _ value: String, _ hex: String = "") {
      (self.schema, self.name, self.value, self.hex) = (schema, name, value, hex)
    }
  }

  @Test(arguments: [
    Case(.regFileEntry, "mnt_id", "-1", "3801"), Case(.regFileEntry, "mnt_id", "1", "3802"),
    Case(.regFileEntry, "mnt_id", "-2147483648", "38ffffffff0f"),
    Case(.regFileEntry, "mode", "0o100644", "50a48302"),
    Case(.taskCoreEntry, "oom_score_adj", "-1", "70ffffffffffffffffff01"),
    Case(.taskCoreEntry, "blk_sigset", "0xffffffffffffffff", "28ffffffffffffffffff01"),
    Case(.taskCoreEntry, "child_subreaper", "1", "900101"),
    Case(.timespec, "tv_sec", "0", "0800"),
  ])
  func `numbers have the bytes that protobuf gives them`(_ test: Case) throws {
    var message = Message(test.schema)
    let value = try #require(wholeNumber(test.value))
    let isSet = message.set(test.name, number: value)
    #expect(isSet)
    #expect(message.encoded() == bytes(test.hex))
    #expect(message.number(test.name) == value)
  }

  @Test(arguments: [
    Case(.vmaEntry, "prot", "0x100000000"), Case(.vmaEntry, "prot", "-1"),
    Case(.vmaEntry, "start", "0x10000000000000000"), Case(.regFileEntry, "mnt_id", "2147483648"),
    Case(.inventoryEntry, "tcp_close", "2"), Case(.regFileEntry, "name", "1"),
  ])
  func `a number that a field cannot hold is not set`(_ test: Case) throws {
    var message = Message(test.schema)
    let value = try #require(wholeNumber(test.value))
    let isSet = message.set(test.name, number: value)
    #expect(!isSet)
    #expect(message.encoded().isEmpty)
  }

  @Test func `unknown fields stay in their places`() throws {
    // Field 99 (varint) before, 100 (bytes) between, 101 (fixed32) and 102 (fixed64) behind known
    // ones.
    let source = bytes(
      "98060c 0801 a20603616263 10 02 ad06 01020304 b106 0102030405060708 18 03 2004")
    var entry = try Message(.pstreeEntry, decoding: source)
    #expect(entry.encoded() == source)
    entry.set("ppid", number: 5)
    #expect(
      entry.encoded()
        == bytes("98060c 0801 a20603616263 10 05 ad06 01020304 b106 0102030405060708 18 03 2004"))
  }

  @Test func `the order of fields is kept, and a new field goes where its number belongs`() throws {
    let source = bytes("2004 1803 1002 0801")
    var entry = try Message(.pstreeEntry, decoding: source)
    #expect(entry.encoded() == source)
    entry.set("threads", numbers: [7, 8])
    #expect(entry.encoded() == bytes("2004 1803 1002 0801 2807 2808"))
    entry.set("sid", number: nil as Int?)
    #expect(entry.encoded() == bytes("1803 1002 0801 2807 2808"))
  }

  @Test func `repeated numbers are read packed and unpacked`() throws {
    let unpacked = try Message(.pstreeEntry, decoding: bytes("0807 1000 1801 2001 2807 28ac02"))
    let packed = try Message(.pstreeEntry, decoding: bytes("0807 1000 1801 2001 2a03 07ac02"))
    #expect(TreeEntry(unpacked).threads == [7, 300])
    #expect(TreeEntry(packed).threads == [7, 300])
    #expect(packed.encoded() == bytes("0807 1000 1801 2001 2a03 07ac02"))
  }

  @Test func `a process that has ended has no threads, whatever number stands there`() throws {
    let ended = try Message(.pstreeEntry, decoding: bytes("0807 1001 1801 2001 28ac02"))
    #expect(TreeEntry(ended).threads == [])
  }

  @Test(arguments: [
    ("08", "number cut off at byte 1"),
    ("0880808080808080808002", "number beyond 64 bits at byte 1"),
    ("088000", "number not in its shortest form at byte 1"),
    ("0801 1000 1801 2001 0f", "pstree_entry with wire type 7 at byte 8"),
    ("0801 1000 1801 2001 0b", "pstree_entry with wire type 3 at byte 8"),
    ("0001", "pstree_entry with a field numbered 0 at byte 0"),
    ("0801 1000 1801 2001 2a05 01", "value of 5 bytes cut off at byte 9"),
    (
      "0801 1000 1801 2001 2aff ffffff ffffff ffff01",
      "value of 18446744073709551615 bytes cut off at byte 9"
    ),
    ("0801 1000 1801", "pstree_entry without its sid at byte 0"),
    ("0a00 1000 1801 2001", "pstree_entry without its pid at byte 0"),
    ("", "pstree_entry without its pid at byte 0"),
  ])
  func `damaged bytes are told with their place`(hex: String, expected: String) {
    #expect {
      try Message(.pstreeEntry, decoding: bytes(hex))
    } throws: {
      "\($0)" == expected
    }
  }

  @Test func `messages nested too deep are damage, not a crash`() throws {
    var folder = Message(.cgroupDirEntry)
    folder.set("dir_name", text: "x")
    for _ in 0..<120 {
      var outer = Message(.cgroupDirEntry)
      outer.set("dir_name", text: "x")
      outer.set("children", messages: [folder])
      folder = outer
    }
    let deep = folder.encoded()
    #expect(throws: Damage.self) { try Message(.cgroupDirEntry, decoding: deep) }
    let inner = try #require(folder.messages("children").first?.messages("children").first)
    var reader = inner
    for _ in 0..<20 { reader = try #require(reader.messages("children").first) }
    #expect(try Message(.cgroupDirEntry, decoding: reader.encoded()) == reader)
  }

  @Test func `a message of another schema is not put into a field`() {
    var memory = Message(.mmEntry)
    let isTreeSet = memory.set("vmas", messages: [Message(.pstreeEntry)])
    let isMappingSet = memory.set("vmas", messages: [Message(.vmaEntry)])
    #expect(!isTreeSet && isMappingSet)
  }

  @Test func `every field of every schema has a number and a name of its own`() {
    #expect(Schema.all.count > 150)
    for schema in Schema.all {
      #expect(Set(schema.fields.map(\.number)).count == schema.fields.count)
      #expect(Set(schema.fields.map(\.name)).count == schema.fields.count)
      #expect(schema.fields.map(\.number) == schema.fields.map(\.number).sorted())
    }
  }
}
