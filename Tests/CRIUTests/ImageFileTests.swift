import Testing

@testable import CRIU

@Suite struct ImageFileTests {
  @Test func `an inventory starts with its own number alone`() throws {
    var inventory = Message(.inventoryEntry)
    inventory.set("img_version", number: 2)
    let image = ImageFile(.inventory, messages: [inventory])
    #expect(image.encoded() == bytes("16313158 02000000 0802"))
    #expect(try ImageFile(decoding: image.encoded()) == image)
  }

  @Test func `statistics start with the number of service files`() {
    #expect(ImageFile(.stats).encoded() == bytes("40591055 06330957"))
  }

  @Test func `a pagemap has a head and then entries`() throws {
    let runs = [
      Pagemap.Run(address: 0x1000, pageCount: 2, flags: .present),
      Pagemap.Run(address: 0x7000, pageCount: 1, flags: [.present, .lazy]),
      Pagemap.Run(address: 0x9000, pageCount: 4, flags: .parent),
      Pagemap.Run(address: 0x10000, pageCount: 1, flags: .present),
    ]
    let image = Pagemap(pagesID: 1, runs: runs).image
    let golden = """
      19435654 25400856  02000000 0801
      09000000 088020 1000 2004 2802  0a000000 0880e001 1000 2006 2801
      """
    #expect(Array(image.encoded().prefix(41)) == bytes(golden))
    let read = try Pagemap(try ImageFile(decoding: image.encoded()))
    #expect(read.runs == runs && read.pagesID == 1)
    #expect(read.placed().map(\.offset) == [0, 0x2000, nil, 0x3000])
    #expect(read.pagesLength == 0x4000)
  }

  @Test(arguments: [
    ("088020 1003", Pagemap.Flags.present), ("088020 1003 1801", .parent),
    ("088020 1003 1800", .present), ("088020 1003 2002", .lazy),
  ])
  func `entries of an older CRIU are understood`(hex: String, flags: Pagemap.Flags) throws {
    let run = Pagemap.Run(try Message(.pagemapEntry, decoding: bytes(hex)))
    #expect(run == Pagemap.Run(address: 0x1000, pageCount: 3, flags: flags))
  }

  @Test(arguments: [
    [
      Pagemap.Run(address: 0x2000, pageCount: 1, flags: []),
      .init(address: 0x1000, pageCount: 1, flags: []),
    ],
    [
      Pagemap.Run(address: 0x1000, pageCount: 3, flags: []),
      .init(address: 0x2000, pageCount: 1, flags: []),
    ],
    [Pagemap.Run(address: 0x1000, pageCount: .max, flags: [])],
    [Pagemap.Run(address: .max - 4095, pageCount: 2, flags: [])],
  ])
  func `pagemaps that are not in order are damaged`(runs: [Pagemap.Run]) throws {
    let image = Pagemap(pagesID: 1, runs: runs).image
    let error = #expect(throws: CRIUError.self) { try Pagemap(image) }
    #expect(error?.code == .damagedImage)
  }

  static func ghost(chunks: Bool?) -> Message {
    var file = Message(.ghostFileEntry)
    for name in ["uid", "gid", "mode"] { file.set(name, number: 1) }
    file.set("chunks", flag: chunks)
    return file
  }

  @Test func `a ghost file is followed by its content`() throws {
    let image = ImageFile(.ghostFile, entries: [.init(Self.ghost(chunks: nil), extra: [1, 2, 3])])
    let read = try ImageFile(decoding: image.encoded())
    #expect(read == image && read.entries[0].extra == [1, 2, 3])
    #expect(read.json()["entries"]?.array?[0]["extra"]?.string == "AQID\n")
  }

  @Test func `a ghost file in pieces has a message before each`() throws {
    var piece = Message(.ghostChunkEntry)
    piece.set("len", number: 2)
    piece.set("off", number: 4096)
    let image = ImageFile(
      .ghostFile, entries: [.init(Self.ghost(chunks: true)), .init(piece, extra: [8, 9])])
    let read = try ImageFile(decoding: image.encoded())
    #expect(read == image)
    #expect(read.json()["entries"]?.array?[0]["extra"] == nil)
    #expect(try ImageFile(json: read.json().text()) == image)
  }

  @Test(arguments: [
    ("", "too short for a magic number"),
    ("194356", "too short for a magic number"),
    ("7f454c46 02010100", "no image of CRIU: it starts with 0x464c457f"),
    ("19435654", "too short for a magic number"),
    ("19435654 00000000", "image of an unknown kind 0x0"),
    ("19435654 16313158", "image of an unknown kind 0x58313116"),
    ("40591055 25400856", "PAGEMAP that starts with 0x55105940"),
    ("19435654 25400856", "PAGEMAP without an entry"),
    ("19435654 25400856 02", "4 bytes expected, 1 left"),
    ("19435654 25400856 ffffffff 0801", "of 4294967295 bytes, of which 2 are there"),
    ("16313158 03000000 0802", "of 3 bytes, of which 2 are there"),
    ("16313158 02000000 1002", "inventory_entry without its img_version"),
  ])
  func `damaged files are told`(hex: String, expected: String) {
    let error = #expect(throws: CRIUError.self) {
      try ImageFile(decoding: bytes(hex), name: "/images/x.img")
    }
    #expect(error?.code == .damagedImage)
    #expect(error?.subject == "reading /images/x.img")
    #expect(error?.cause?.contains(expected) == true, "\(error?.cause ?? "")")
  }

  @Test func `a payload that is longer than the file is told`() throws {
    var data = Message(.pipeDataEntry)
    data.set("pipe_id", number: 1)
    data.set("bytes", number: 5)
    data.set("size", number: 4096)
    let image = ImageFile(.pipesData, entries: [.init(data, extra: [1, 2, 3])])
    #expect(throws: CRIUError.self) { try ImageFile(decoding: image.encoded()) }
  }

  @Test(arguments: [
    "{}", "[]", "{\"magic\": \"NOPE\", \"entries\": []}", "{\"magic\": \"PSTREE\"}",
    "{\"magic\": \"PSTREE\", \"entries\": [1]}", "{\"magic\": \"PSTREE\", \"entries\": [{}]}",
    #"{"magic": "PSTREE", "entries": [{"pid": "x", "ppid": 0, "pgid": 0, "sid": 0}]}"#,
    "{\"magic\": \"PSTREE\", \"entries\": [{\"pid\": -1, \"ppid\": 0, \"pgid\": 0, \"sid\": 0}]}",
    #"{"magic": "PSTREE", "entries": [{"pid": 1, "ppid": 0, "pgid": 0, "sid": 0, "threads": 1}]}"#,
    #"{"magic": "PIPES_DATA", "entries": [{"pipe_id": 1, "bytes": 1, "size": 1, "extra": "?"}]}"#,
  ])
  func `JSON that is no image is told`(text: String) {
    let error = #expect(throws: CRIUError.self) { try ImageFile(json: text) }
    #expect(error?.code == .damagedImage)
  }

  @Test(arguments: [
    (ImageType.core, UInt32(7), "core-7.img"), (.tcpStream, 255, "tcp-stream-ff.img"),
    (.ghostFile, 16, "ghost-file-10.img"), (.files, 0, "files.img"), (.ttyFiles, 0, "tty.img"),
    (.inventory, 3, "inventory.img"), (.ipcVar, 9, "ipcns-var-9.img"),
  ])
  func `files have CRIU's names`(type: ImageType, id: UInt32, name: String) {
    #expect(type.fileName(id: id) == name)
  }

  @Test func `every kind is found by its number and by its name`() {
    #expect(ImageType.allCases.count > 50)
    for type in ImageType.allCases {
      #expect(ImageType(magic: type.magic) == type)
      #expect(ImageType(named: type.name) == type)
    }
  }
}
