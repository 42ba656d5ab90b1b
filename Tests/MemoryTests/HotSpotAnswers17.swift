/// Answers of real JVMs of version 17, the lines that tell of memory.
enum HotSpotAnswers17 {
  static let serial = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:+UseCompressedClassPointers -XX:+UseCompressedOops -XX:+UseSerialGC",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (17.0.15+6-Debian-1deb12u1, mixed mode, sharing, tiered, compressed oops, compressed class ptrs, serial gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      Heap address: 0x00000000f0000000, size: 256 MB, Compressed Oops mode: 32-bit
      CDS archive(s) mapped at: [0x00007fc744000000-0x00007fc744bc7000-0x00007fc744bc7000), size 12349440
      Compressed class space mapped at: 0x00007fc745000000-0x00007fc785000000, reserved size: 1073741824
       Large Page Support: Disabled
       NUMA Support: Disabled
      Heap:
       def new generation   total 78656K, used 2715K [0x00000000f0000000, 0x00000000f5550000, 0x00000000f5550000)
        eden space 69952K,   3% used [0x00000000f0000000, 0x00000000f02a6cc8, 0x00000000f4450000)
       tenured generation   total 174784K, used 33227K [0x00000000f5550000, 0x0000000100000000, 0x0000000100000000)
         the space 174784K,  19% used [0x00000000f5550000, 0x00000000f75c2d18, 0x00000000f75c2e00, 0x0000000100000000)
      Card table byte_map: [0x00007fc7a107f000,0x00007fc7a1100000] _byte_map_base: 0x00007fc7a08ff000
      Polling page: 0x00007fc7a2603000
      CodeHeap 'non-profiled nmethods': size=120036Kb used=18Kb max_used=18Kb free=120017Kb
       bounds [0x00007fc78cec7000, 0x00007fc78d137000, 0x00007fc794400000]
      CodeHeap 'profiled nmethods': size=120032Kb used=94Kb max_used=94Kb free=119937Kb
       bounds [0x00007fc785400000, 0x00007fc785670000, 0x00007fc78c938000]
      CodeHeap 'non-nmethods': size=5692Kb used=1030Kb max_used=1044Kb free=4661Kb
       bounds [0x00007fc78c938000, 0x00007fc78cba8000, 0x00007fc78cec7000]
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007fc740000000: reserved=65536.00 KB, committed=256.00 KB ( <1%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x00007fc745000000: reserved=1048576.00 KB, committed=128.00 KB ( <1%), used=16384.00 KB (  2%)
      """)

  static let parallel = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:+UseCompressedClassPointers -XX:+UseCompressedOops -XX:+UseParallelGC",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (17.0.15+6-Debian-1deb12u1, mixed mode, sharing, tiered, compressed oops, compressed class ptrs, parallel gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      Heap address: 0x00000000f0000000, size: 256 MB, Compressed Oops mode: 32-bit
      CDS archive(s) mapped at: [0x00007f432f000000-0x00007f432fbc7000-0x00007f432fbc7000), size 12349440
      Compressed class space mapped at: 0x00007f4330000000-0x00007f4370000000, reserved size: 1073741824
       Large Page Support: Disabled
       NUMA Support: Disabled
      Heap:
       PSYoungGen      total 76288K, used 2569K [0x00000000fab00000, 0x0000000100000000, 0x0000000100000000)
        eden space 65536K, 3% used [0x00000000fab00000,0x00000000fad82660,0x00000000feb00000)
       ParOldGen       total 175104K, used 33227K [0x00000000f0000000, 0x00000000fab00000, 0x00000000fab00000)
        object space 175104K, 18% used [0x00000000f0000000,0x00000000f2072d18,0x00000000fab00000)
      Card table byte_map: [0x00007f439207f000,0x00007f4392100000] _byte_map_base: 0x00007f43918ff000
      Marking Bits: (ParMarkBitMap*) 0x00007f4393544460
       Begin Bits: [0x00007f4391200000, 0x00007f4391600000)
       End Bits:   [0x00007f4391600000, 0x00007f4391a00000)
      Polling page: 0x00007f43935ce000
      CodeHeap 'non-profiled nmethods': size=120036Kb used=18Kb max_used=18Kb free=120017Kb
       bounds [0x00007f437cec7000, 0x00007f437d137000, 0x00007f4384400000]
      CodeHeap 'profiled nmethods': size=120032Kb used=81Kb max_used=81Kb free=119950Kb
       bounds [0x00007f4375400000, 0x00007f4375670000, 0x00007f437c938000]
      CodeHeap 'non-nmethods': size=5692Kb used=1031Kb max_used=1045Kb free=4660Kb
       bounds [0x00007f437c938000, 0x00007f437cba8000, 0x00007f437cec7000]
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007f432b000000: reserved=65536.00 KB, committed=192.00 KB ( <1%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x00007f4330000000: reserved=1048576.00 KB, committed=128.00 KB ( <1%), used=16384.00 KB (  2%)
      """)

  static let g1 = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:+UseCompressedClassPointers -XX:+UseCompressedOops -XX:+UseG1GC",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (17.0.15+6-Debian-1deb12u1, mixed mode, sharing, tiered, compressed oops, compressed class ptrs, g1 gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      Heap address: 0x00000000f0000000, size: 256 MB, Compressed Oops mode: 32-bit
      CDS archive(s) mapped at: [0x00007f0083000000-0x00007f0083bc7000-0x00007f0083bc7000), size 12349440
      Compressed class space mapped at: 0x00007f0084000000-0x00007f00c4000000, reserved size: 1073741824
       Large Page Support: Disabled
       NUMA Support: Disabled
      Heap:
       garbage-first heap   total 126976K, used 34213K [0x00000000f0000000, 0x0000000100000000)
      Card table byte_map: [0x00007f00fc5a8000,0x00007f00fc628000] _byte_map_base: 0x00007f00fbe28000
      Marking Bits (Prev, Next): (CMBitMap*) 0x00007f00f803ea40, (CMBitMap*) 0x00007f00f803ea00
       Prev Bits: [0x00007f00e0c00000, 0x00007f00e1000000)
       Next Bits: [0x00007f00e1000000, 0x00007f00e1400000)
      Polling page: 0x00007f00fe184000
      CodeHeap 'non-profiled nmethods': size=120036Kb used=2Kb max_used=2Kb free=120033Kb
       bounds [0x00007f00e8ec7000, 0x00007f00e9137000, 0x00007f00f0400000]
      CodeHeap 'profiled nmethods': size=120032Kb used=14Kb max_used=14Kb free=120017Kb
       bounds [0x00007f00e1400000, 0x00007f00e1670000, 0x00007f00e8938000]
      CodeHeap 'non-nmethods': size=5692Kb used=1031Kb max_used=1045Kb free=4660Kb
       bounds [0x00007f00e8938000, 0x00007f00e8ba8000, 0x00007f00e8ec7000]
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007f007f000000: reserved=65536.00 KB, committed=192.00 KB ( <1%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x00007f0084000000: reserved=1048576.00 KB, committed=128.00 KB ( <1%), used=16384.00 KB (  2%)
      """)

  static let shenandoah = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:+UseCompressedClassPointers -XX:+UseCompressedOops -XX:+UseShenandoahGC",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (17.0.15+6-Debian-1deb12u1, mixed mode, sharing, tiered, compressed oops, compressed class ptrs, shenandoah gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      Heap address: 0x00000000f0000000, size: 256 MB, Compressed Oops mode: 32-bit
      CDS archive(s) mapped at: [0x00007f0d8f000000-0x00007f0d8fbc7000-0x00007f0d8fbc7000), size 12349440
      Compressed class space mapped at: 0x00007f0d90000000-0x00007f0dd0000000, reserved size: 1073741824
       Large Page Support: Disabled
       NUMA Support: Disabled
      Heap:
      Shenandoah Heap
      Reserved region:
       - [0x00000000f0000000, 0x0000000100000000)
       - map (vanilla): 0x0000000000013c00
       - map (biased):  0x0000000000010000
      Polling page: 0x00007f0dfcb88000
      CodeHeap 'non-profiled nmethods': size=120036Kb used=19Kb max_used=19Kb free=120016Kb
       bounds [0x00007f0de4ec7000, 0x00007f0de5137000, 0x00007f0dec400000]
      CodeHeap 'profiled nmethods': size=120032Kb used=84Kb max_used=84Kb free=119948Kb
       bounds [0x00007f0ddd400000, 0x00007f0ddd670000, 0x00007f0de4938000]
      CodeHeap 'non-nmethods': size=5692Kb used=1168Kb max_used=1182Kb free=4523Kb
       bounds [0x00007f0de4938000, 0x00007f0de4ba8000, 0x00007f0de4ec7000]
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007f0d8b000000: reserved=65536.00 KB, committed=192.00 KB ( <1%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x00007f0d90000000: reserved=1048576.00 KB, committed=128.00 KB ( <1%), used=16384.00 KB (  2%)
      """)

  static let zgc = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:+UseCompressedClassPointers -XX:-UseCompressedOops -XX:+UseZGC",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (17.0.15+6-Debian-1deb12u1, mixed mode, sharing, tiered, compressed class ptrs, z gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      CDS archive(s) mapped at: [0x00007f52b3000000-0x00007f52b3b9e000-0x00007f52b3b9e000), size 12181504
      Compressed class space mapped at: 0x00007f52b4000000-0x00007f52f4000000, reserved size: 1073741824
       NUMA Support: Disabled
       Large Page Support: Disabled
      Heap:
       ZHeap           used 38M, capacity 256M, max capacity 256M
      Polling page: 0x00007f5536efe000
      CodeHeap 'non-profiled nmethods': size=120036Kb used=18Kb max_used=18Kb free=120017Kb
       bounds [0x00007f5520ec7000, 0x00007f5521137000, 0x00007f5528400000]
      CodeHeap 'profiled nmethods': size=120032Kb used=86Kb max_used=86Kb free=119945Kb
       bounds [0x00007f5519400000, 0x00007f5519670000, 0x00007f5520938000]
      CodeHeap 'non-nmethods': size=5692Kb used=1069Kb max_used=1083Kb free=4623Kb
       bounds [0x00007f5520938000, 0x00007f5520ba8000, 0x00007f5520ec7000]
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007f52af000000: reserved=65536.00 KB, committed=256.00 KB ( <1%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x00007f52b4000000: reserved=1048576.00 KB, committed=128.00 KB ( <1%), used=16384.00 KB (  2%)
      """)

  static let hugePages = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:+UseCompressedClassPointers -XX:+UseCompressedOops -XX:+UseG1GC -XX:+UseTransparentHugePages",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (17.0.15+6-Debian-1deb12u1, mixed mode, sharing, tiered, compressed oops, compressed class ptrs, g1 gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      Heap address: 0x00000000f0000000, size: 256 MB, Compressed Oops mode: 32-bit
      CDS archive(s) mapped at: [0x00007f087f000000-0x00007f087fbc7000-0x00007f087fbc7000), size 12349440
      Compressed class space mapped at: 0x00007f0880000000-0x00007f08c0000000, reserved size: 1073741824
       Large Page Support: Enabled (Transparent)
       NUMA Support: Disabled
      Heap:
       garbage-first heap   total 126976K, used 34212K [0x00000000f0000000, 0x0000000100000000)
      Card table byte_map: [0x00007f08f372a000,0x00007f08f37aa000] _byte_map_base: 0x00007f08f2faa000
      Marking Bits (Prev, Next): (CMBitMap*) 0x00007f08ec03cc70, (CMBitMap*) 0x00007f08ec03cc30
       Prev Bits: [0x00007f08f2e00000, 0x00007f08f3200000)
       Next Bits: [0x00007f08f3200000, 0x00007f08f3600000)
      Polling page: 0x00007f08f5423000
      CodeHeap 'non-profiled nmethods': size=120832Kb used=2Kb max_used=2Kb free=120829Kb
       bounds [0x00007f08dce00000, 0x00007f08dd200000, 0x00007f08e4400000]
      CodeHeap 'profiled nmethods': size=118784Kb used=13Kb max_used=13Kb free=118770Kb
       bounds [0x00007f08d5400000, 0x00007f08d5800000, 0x00007f08dc800000]
      CodeHeap 'non-nmethods': size=6144Kb used=1031Kb max_used=1045Kb free=5112Kb
       bounds [0x00007f08dc800000, 0x00007f08dcc00000, 0x00007f08dce00000]
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007f087b000000: reserved=65536.00 KB, committed=192.00 KB ( <1%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x00007f0880000000: reserved=1048576.00 KB, committed=128.00 KB ( <1%), used=16384.00 KB (  2%)
      """)

  static let unshared = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:+UseCompressedClassPointers -XX:-UseCompressedOops -XX:+UseParallelGC -XX:-UseSharedSpaces",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (17.0.15+6-Debian-1deb12u1, mixed mode, tiered, compressed class ptrs, parallel gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      CDS archive(s) not mapped
      Compressed class space mapped at: 0x0000000080000000-0x00000000c0000000, reserved size: 1073741824
       Large Page Support: Disabled
       NUMA Support: Disabled
      Heap:
       PSYoungGen      total 76288K, used 2548K [0x00007f5d8bf00000, 0x00007f5d91400000, 0x00007f5d91400000)
        eden space 65536K, 3% used [0x00007f5d8bf00000,0x00007f5d8c17d008,0x00007f5d8ff00000)
       ParOldGen       total 175104K, used 33383K [0x00007f5d81400000, 0x00007f5d8bf00000, 0x00007f5d8bf00000)
        object space 175104K, 19% used [0x00007f5d81400000,0x00007f5d83499c20,0x00007f5d8bf00000)
      Card table byte_map: [0x00007f5dad843000,0x00007f5dad8c4000] _byte_map_base: 0x00007f1dfec39000
      Marking Bits: (ParMarkBitMap*) 0x00007f5daed44460
       Begin Bits: [0x00007f5daca00000, 0x00007f5dace00000)
       End Bits:   [0x00007f5dace00000, 0x00007f5dad200000)
      Polling page: 0x00007f5dad8fe000
      CodeHeap 'non-profiled nmethods': size=120036Kb used=18Kb max_used=18Kb free=120017Kb
       bounds [0x00007f5d98ec7000, 0x00007f5d99137000, 0x00007f5da0400000]
      CodeHeap 'profiled nmethods': size=120032Kb used=87Kb max_used=87Kb free=119945Kb
       bounds [0x00007f5d91400000, 0x00007f5d91670000, 0x00007f5d98938000]
      CodeHeap 'non-nmethods': size=5692Kb used=1029Kb max_used=1043Kb free=4662Kb
       bounds [0x00007f5d98938000, 0x00007f5d98ba8000, 0x00007f5d98ec7000]
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007f5d78000000: reserved=65536.00 KB, committed=3520.00 KB (  5%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x0000000080000000: reserved=1048576.00 KB, committed=384.00 KB ( <1%), used=16384.00 KB (  2%)
      """)
}
