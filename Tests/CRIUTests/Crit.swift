import CRIU
import Linux
import TestBed
import Testing

/// CRIU's own reader and writer of images, run in the tree of test programs.
struct Crit {
  /// Decodes every image of a folder with `pycriu`, as `crit decode` does, writes the JSON beside
  /// it, encodes that again as `crit encode` does, and tells those whose bytes differ.
  private static let script = """
    import json, os, sys
    import pycriu
    folder = sys.argv[1]
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        data = open(path, 'rb').read()
        for pretty in (False, True):
            try:
                image = pycriu.images.loads(data, pretty)
            except pycriu.images.MagicException:
                print('raw', name)
                break
            text = json.dumps(image, indent=4 if pretty else None)
            open(path + ('.pretty' if pretty else '.json'), 'w').write(text)
            try:
                changed = pycriu.images.dumps(json.loads(text)) != data
            except TypeError:
                print('unwritable', name)  # crit's writer of this kind does not run
            else:
                if changed:
                    print('changed', name)
    """

  let tree: Path

  /// Runs a program of the tree that sees `folder` as `/mnt`; mounts must be the calling thread's
  /// own.
  func run(_ words: [String], on folder: Path) throws -> Finished {
    try Mount.bind(folder, at: tree / "mnt")
    defer {
      // The thread's mounts end with it.
      try? Mount.unmount(tree / "mnt", lazy: true)
    }
    let finished = try Spawn("chroot", [tree.string] + words).run(
      deadline: .after(.seconds(50)), outputLimit: .mebibytes(64))
    return finished
  }

  /// Reads all images of a folder; returns crit's JSON by file name, plain and pretty, and what it
  /// cannot read or keep.
  func readAll(
    in folder: Path
  ) throws -> (json: [String: (plain: String, pretty: String)], remarks: [String]) {
    let finished = try run(["python3", "-c", Crit.script, "/mnt"], on: folder)
    #expect(finished.isSuccess, "\(finished.errorText)")
    var json: [String: (plain: String, pretty: String)] = [:]
    for name in try FileSystem.list(folder) where name.hasSuffix(".json") {
      let file = String(name.dropLast(5))
      json[file] = (
        try FileSystem.readText(folder / name), try FileSystem.readText(folder / (file + ".pretty"))
      )
    }
    return (json, finished.text.split(separator: "\n").map(String.init))
  }

  /// Compares this module with the command `crit` on one image of a folder, in both directions.
  func compareCommand(on name: String, in folder: Path) throws {
    let bytes = try FileSystem.readFile(folder / name)
    let image = try ImageFile(decoding: bytes, name: name)
    for words in [[], ["--pretty"]] {
      let decoded = try run(["crit", "decode", "-i", "/mnt/\(name)"] + words, on: folder)
      let indent = words.isEmpty ? nil : 4
      let text = image.json(pretty: indent != nil).text(indent: indent)
      #expect(decoded.text == text + "\n", "\(name) \(words) \(decoded.errorText)")
      try FileSystem.writeFile(folder / "ours", Array(text.utf8), mode: 0o644, durable: false)
      let encoded = try run(["crit", "encode", "-i", "/mnt/ours", "-o", "/mnt/again"], on: folder)
      #expect(encoded.isSuccess, "\(encoded.errorText)")
      #expect(try FileSystem.readFile(folder / "again") == bytes, "\(name) \(words)")
      for left in ["ours", "again"] { try FileSystem.remove(folder / left) }
    }
  }

  /// Compares this module with crit on all images of a folder, in both directions; returns how many
  /// there were.
  func compareAll(in folder: Path) throws -> Int {
    let (json, remarks) = try readAll(in: folder)
    let unwritable = remarks.filter { $0.hasPrefix("unwritable") }
    #expect(unwritable.allSatisfy { $0.hasPrefix("unwritable IPCNS_SHM") })
    #expect(remarks.filter { $0.hasPrefix("changed") }.isEmpty, "crit itself changes these")
    for (name, told) in json.sorted(by: { $0.key < $1.key }) {
      let bytes = try FileSystem.readFile(folder / name)
      let image = try ImageFile(decoding: bytes, name: name)
      #expect(image.encoded() == bytes, "\(name) is written as it was read")
      #expect(image.json().text() == told.plain, "\(name) as crit decode shows it")
      #expect(image.json(pretty: true).text(indent: 4) == told.pretty, "\(name) as --pretty")
      #expect(try ImageFile(json: told.plain).encoded() == bytes, "\(name) from crit's JSON")
      #expect(try ImageFile(json: told.pretty).encoded() == bytes, "\(name) from --pretty")
    }
    return json.count
  }
}
