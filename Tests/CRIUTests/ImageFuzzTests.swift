import Testing

@testable import CRIU

/// Whatever bytes come, they are read or told to be damaged, and what is read is written again as
/// it was.
@Suite(.timeLimit(.minutes(1))) struct ImageFuzzTests {
  @Test(arguments: ImageType.allCases)
  func `images with every field go both ways, as bytes and as JSON`(type: ImageType) throws {
    for seed in 0..<20 {
      let image = SampleImages.image(type, seed: UInt64(seed))
      let encoded = image.encoded()
      let read = try ImageFile(decoding: encoded, name: type.name)
      #expect(read == image)
      #expect(read.encoded() == encoded)
      for pretty in [false, true] {
        let text = read.json(pretty: pretty).text(indent: pretty ? 4 : nil)
        #expect(try ImageFile(json: text).encoded() == encoded, "\(seed): \(text)")
      }
    }
  }

  @Test(arguments: ImageType.allCases)
  func `changed images never crash, and what is accepted goes both ways`(type: ImageType) {
    var dice = Dice(seed: UInt64(type.magic))
    for seed in 0..<60 {
      var bytes = SampleImages.image(type, seed: UInt64(seed)).encoded()
      for _ in 0..<Int.random(in: 1...4, using: &dice) { Self.mutate(&bytes, &dice) }
      guard let image = try? ImageFile(decoding: bytes) else { continue }
      #expect(image.encoded() == bytes)
      for pretty in [false, true] { #expect(!image.json(pretty: pretty).text().isEmpty) }
    }
  }

  @Test(arguments: ImageType.allCases)
  func `images cut off anywhere are read or told to be damaged`(type: ImageType) {
    let bytes = SampleImages.image(type, seed: 7).encoded()
    for length in 0..<bytes.count {
      let part = Array(bytes.prefix(length))
      do {
        #expect(try ImageFile(decoding: part).encoded() == part)
      } catch {
        #expect(error.code == .damagedImage)
      }
    }
  }

  @Test func `bytes of chance never crash`() {
    var dice = Dice(seed: 1)
    for round in 0..<3000 {
      let type = ImageType.allCases[round % ImageType.allCases.count]
      let head = ImageFile(type).encoded()
      let bytes = head + SampleImages.data(Int.random(in: 0...80, using: &dice), &dice)
      if let image = try? ImageFile(decoding: bytes) { #expect(image.encoded() == bytes) }
    }
  }

  @Test func `JSON of chance never crashes`() throws {
    var dice = Dice(seed: 2)
    for round in 0..<1500 {
      let type = ImageType.allCases[round % ImageType.allCases.count]
      var text = Array(SampleImages.image(type, seed: 3).json(pretty: true).text().utf8)
      for _ in 0..<3 { Self.mutate(&text, &dice) }
      guard let image = try? ImageFile(json: String(decoding: text, as: UTF8.self)) else {
        continue
      }
      #expect(image.type.name.isEmpty == false)
    }
  }

  @Test func `responses of chance never crash the client's reader`() {
    var dice = Dice(seed: 3)
    for _ in 0..<3000 {
      var bytes = SampleImages.message(.criuResp, &dice).encoded()
      Self.mutate(&bytes, &dice)
      guard let message = try? Message(.criuResp, decoding: bytes) else { continue }
      #expect(message.encoded() == bytes)
      var answer = Answer(response: message)
      let reply = answer.reply(to: message, descriptor: nil) { _ in .proceed }
      #expect(!reply.encoded().isEmpty)
    }
  }

  private static func mutate(_ bytes: inout [UInt8], _ dice: inout Dice) {
    guard !bytes.isEmpty else { return bytes.append(UInt8.random(in: 0...255, using: &dice)) }
    let place = Int.random(in: 0..<bytes.count, using: &dice)
    switch Int.random(in: 0...4, using: &dice) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &dice)
    case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &dice)
    case 2: bytes.removeSubrange(place..<min(place + 5, bytes.count))
    case 3: bytes.insert(contentsOf: SampleImages.data(4, &dice), at: place)
    default: bytes.replaceSubrange(place..<min(place + 4, bytes.count), with: [255, 255, 255, 255])
    }
  }
}
