/// Answers of real JVMs of version 25, the lines that tell of memory.
enum HotSpotAnswers25 {
  static let serial = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:+UseCompressedOops -XX:+UseSerialGC",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (25.0.5+8-1-Debian, mixed mode, sharing, tiered, compressed oops, compressed class ptrs, serial gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      Heap address: 0x00000000f0000000, size: 256 MB, Compressed Oops mode: 32-bit
      CDS archive(s) mapped at: [0x0000000085000000-0x0000000085d92000-0x0000000085d92000), size 14229504
      Compressed class space mapped at: 0x0000000086000000-0x00000000c6000000, reserved size: 1073741824
       Large Page Support: Disabled
       NUMA Support: Disabled
      Heap:
       DefNew     total 78656K, used 3441K [0x00000000f0000000, 0x00000000f5550000, 0x00000000f5550000)
        eden space 69952K,   4% used [0x00000000f0000000, 0x00000000f035c5a0, 0x00000000f4450000)
       Tenured    total 174784K, used 34014K [0x00000000f5550000, 0x0000000100000000, 0x0000000100000000)
        the  space 174784K,  19% used [0x00000000f5550000, 0x00000000f7687928, 0x0000000100000000)
      Card table byte_map: [0x00007fbc22c87000,0x00007fbc22d07000] _byte_map_base: 0x00007fbc22507000
      Polling page: 0x00007fbc24cd8000
      CodeHeap 'non-profiled nmethods': size=120036Kb used=3Kb max_used=3Kb free=120032Kb
       bounds [0x00007fbc0c0c7000, 0x00007fbc0c337000, 0x00007fbc13600000]
      CodeHeap 'profiled nmethods': size=120036Kb used=7Kb max_used=7Kb free=120028Kb
       bounds [0x00007fbc045ff000, 0x00007fbc0486f000, 0x00007fbc0bb38000]
      CodeHeap 'non-nmethods': size=5692Kb used=1126Kb max_used=1139Kb free=4565Kb
       bounds [0x00007fbc0bb38000, 0x00007fbc0bda8000, 0x00007fbc0c0c7000]
      CodeCache: size=245764Kb, used=1136Kb, max_used=1149Kb, free=244625Kb
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007fbbfc000000: reserved=65536.00 KB, committed=192.00 KB ( <1%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x0000000086000000: reserved=1048576.00 KB, committed=128.00 KB ( <1%), used=16384.00 KB (  2%)
      """)

  static let parallel = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:+UseCompressedOops -XX:+UseParallelGC",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (25.0.5+8-1-Debian, mixed mode, sharing, tiered, compressed oops, compressed class ptrs, parallel gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      Heap address: 0x00000000f0000000, size: 256 MB, Compressed Oops mode: 32-bit
      CDS archive(s) mapped at: [0x0000000039000000-0x0000000039d92000-0x0000000039d92000), size 14229504
      Compressed class space mapped at: 0x000000003a000000-0x000000007a000000, reserved size: 1073741824
       Large Page Support: Disabled
       NUMA Support: Disabled
      Heap:
       PSYoungGen      total 76288K, used 3220K [0x00000000fab00000, 0x0000000100000000, 0x0000000100000000)
        eden space 65536K, 4% used [0x00000000fab00000,0x00000000fae251f0,0x00000000feb00000)
       ParOldGen       total 175104K, used 34007K [0x00000000f0000000, 0x00000000fab00000, 0x00000000fab00000)
        object space 175104K, 19% used [0x00000000f0000000,0x00000000f2135ee0,0x00000000fab00000)
      Card table byte_map: [0x00007f972efaa000,0x00007f972f02a000] _byte_map_base: 0x00007f972e82a000
      Marking Bits: (ParMarkBitMap*) 0x00007f9730e8b820
       Begin Bits: [0x00007f972ea00000, 0x00007f972ee00000)
      Polling page: 0x00007f9730ebf000
      CodeHeap 'non-profiled nmethods': size=120036Kb used=3Kb max_used=3Kb free=120032Kb
       bounds [0x00007f97180c7000, 0x00007f9718337000, 0x00007f971f600000]
      CodeHeap 'profiled nmethods': size=120036Kb used=8Kb max_used=8Kb free=120027Kb
       bounds [0x00007f97105ff000, 0x00007f971086f000, 0x00007f9717b38000]
      CodeHeap 'non-nmethods': size=5692Kb used=1126Kb max_used=1139Kb free=4566Kb
       bounds [0x00007f9717b38000, 0x00007f9717da8000, 0x00007f97180c7000]
      CodeCache: size=245764Kb, used=1137Kb, max_used=1150Kb, free=244625Kb
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007f9700000000: reserved=65536.00 KB, committed=192.00 KB ( <1%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x000000003a000000: reserved=1048576.00 KB, committed=128.00 KB ( <1%), used=16384.00 KB (  2%)
      """)

  static let g1 = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:+UseCompressedOops -XX:+UseG1GC",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (25.0.5+8-1-Debian, mixed mode, sharing, tiered, compressed oops, compressed class ptrs, g1 gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      Heap address: 0x00000000f0000000, size: 256 MB, Compressed Oops mode: 32-bit
      CDS archive(s) mapped at: [0x0000000025000000-0x0000000025d92000-0x0000000025d92000), size 14229504
      Compressed class space mapped at: 0x0000000026000000-0x0000000066000000, reserved size: 1073741824
       Large Page Support: Disabled
       NUMA Support: Disabled
      Heap:
       garbage-first heap   total reserved 262144K, committed 122880K, used 35372K [0x00000000f0000000, 0x0000000100000000)
      Card table byte_map: [0x00007f82edf28000,0x00007f82edfa8000] _byte_map_base: 0x00007f82ed7a8000
      Marking Bits: (CMBitMap*) 0x00007f82e8043a00
       Bits: [0x00007f82eda00000, 0x00007f82ede00000)
      Polling page: 0x00007f82f0103000
      CodeHeap 'non-profiled nmethods': size=120036Kb used=3Kb max_used=3Kb free=120032Kb
       bounds [0x00007f82d80c7000, 0x00007f82d8337000, 0x00007f82df600000]
      CodeHeap 'profiled nmethods': size=120036Kb used=8Kb max_used=8Kb free=120027Kb
       bounds [0x00007f82d05ff000, 0x00007f82d086f000, 0x00007f82d7b38000]
      CodeHeap 'non-nmethods': size=5692Kb used=1268Kb max_used=1281Kb free=4423Kb
       bounds [0x00007f82d7b38000, 0x00007f82d7da8000, 0x00007f82d80c7000]
      CodeCache: size=245764Kb, used=1279Kb, max_used=1292Kb, free=244482Kb
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007f82b0000000: reserved=65536.00 KB, committed=192.00 KB ( <1%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x0000000026000000: reserved=1048576.00 KB, committed=128.00 KB ( <1%), used=16384.00 KB (  2%)
      """)

  static let shenandoah = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:+UseCompressedOops -XX:-UseNUMA -XX:-UseNUMAInterleaving -XX:+UseShenandoahGC",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (25.0.5+8-1-Debian, mixed mode, sharing, tiered, compressed oops, compressed class ptrs, shenandoah gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      Heap address: 0x00000000f0000000, size: 256 MB, Compressed Oops mode: 32-bit
      CDS archive(s) mapped at: [0x0000000027000000-0x0000000027d92000-0x0000000027d92000), size 14229504
      Compressed class space mapped at: 0x0000000028000000-0x0000000068000000, reserved size: 1073741824
       Large Page Support: Disabled
       NUMA Support: Disabled
      Heap:
       Shenandoah Heap
       Reserved region:
        - [0x00000000f0000000, 0x0000000100000000)
        - map (vanilla): 0x0000000000004c00
        - map (biased):  0x0000000000001000
      Polling page: 0x00007f958ab59000
      CodeHeap 'non-profiled nmethods': size=120036Kb used=4Kb max_used=5Kb free=120031Kb
       bounds [0x00007f95740c7000, 0x00007f9574337000, 0x00007f957b600000]
      CodeHeap 'profiled nmethods': size=120036Kb used=7Kb max_used=9Kb free=120028Kb
       bounds [0x00007f956c5ff000, 0x00007f956c86f000, 0x00007f9573b38000]
      CodeHeap 'non-nmethods': size=5692Kb used=1424Kb max_used=1436Kb free=4267Kb
       bounds [0x00007f9573b38000, 0x00007f9573da8000, 0x00007f95740c7000]
      CodeCache: size=245764Kb, used=1435Kb, max_used=1450Kb, free=244326Kb
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007f9554000000: reserved=65536.00 KB, committed=192.00 KB ( <1%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x0000000028000000: reserved=1048576.00 KB, committed=128.00 KB ( <1%), used=16384.00 KB (  2%)
      """)

  static let zgc = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:-UseCompressedOops -XX:-UseNUMA -XX:-UseNUMAInterleaving -XX:+UseZGC",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (25.0.5+8-1-Debian, mixed mode, sharing, tiered, compressed class ptrs, z gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      CDS archive(s) mapped at: [0x0000000024000000-0x0000000024d93000-0x0000000024d93000), size 14233600
      Compressed class space mapped at: 0x0000000025000000-0x0000000065000000, reserved size: 1073741824
       NUMA Support: Disabled
       Large Page Support: Disabled
      Heap:
       ZHeap           used 38M, capacity 256M, max capacity 256M
      Polling page: 0x00007f9b97d13000
      CodeHeap 'non-profiled nmethods': size=120036Kb used=18Kb max_used=19Kb free=120017Kb
       bounds [0x00007f9b800c7000, 0x00007f9b80337000, 0x00007f9b87600000]
      CodeHeap 'profiled nmethods': size=120036Kb used=48Kb max_used=52Kb free=119987Kb
       bounds [0x00007f9b785ff000, 0x00007f9b7886f000, 0x00007f9b7fb38000]
      CodeHeap 'non-nmethods': size=5692Kb used=1173Kb max_used=1187Kb free=4518Kb
       bounds [0x00007f9b7fb38000, 0x00007f9b7fda8000, 0x00007f9b800c7000]
      CodeCache: size=245764Kb, used=1239Kb, max_used=1258Kb, free=244522Kb
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007f9b48000000: reserved=65536.00 KB, committed=256.00 KB ( <1%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x0000000025000000: reserved=1048576.00 KB, committed=128.00 KB ( <1%), used=16384.00 KB (  2%)
      """)

  static let wide = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:-UseCompressedOops -XX:+UseSerialGC",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (25.0.5+8-1-Debian, mixed mode, sharing, tiered, compressed class ptrs, serial gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      CDS archive(s) mapped at: [0x0000000028000000-0x0000000028d93000-0x0000000028d93000), size 14233600
      Compressed class space mapped at: 0x0000000029000000-0x0000000069000000, reserved size: 1073741824
       Large Page Support: Disabled
       NUMA Support: Disabled
      Heap:
       DefNew     total 78656K, used 3442K [0x00007fc31c600000, 0x00007fc321b50000, 0x00007fc321b50000)
        eden space 69952K,   4% used [0x00007fc31c600000, 0x00007fc31c95c838, 0x00007fc320a50000)
       Tenured    total 174784K, used 34422K [0x00007fc321b50000, 0x00007fc32c600000, 0x00007fc32c600000)
        the  space 174784K,  19% used [0x00007fc321b50000, 0x00007fc323cedb30, 0x00007fc32c600000)
      Card table byte_map: [0x00007fc34b9a0000,0x00007fc34ba20000] _byte_map_base: 0x00007f836a0bd000
      Polling page: 0x00007fc34d8f0000
      CodeCache: size=245760Kb used=1138Kb max_used=1150Kb free=244621Kb
       bounds [0x00007fc32c600000, 0x00007fc32c870000, 0x00007fc33b600000]
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007fc314000000: reserved=65536.00 KB, committed=192.00 KB ( <1%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x0000000029000000: reserved=1048576.00 KB, committed=128.00 KB ( <1%), used=16384.00 KB (  2%)
      """)

  static let epsilon = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:+UseCompressedOops -XX:+UseEpsilonGC",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (25.0.5+8-1-Debian, mixed mode, sharing, tiered, compressed oops, compressed class ptrs, epsilon gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      Heap address: 0x00000000f0000000, size: 256 MB, Compressed Oops mode: 32-bit
      CDS archive(s) mapped at: [0x0000000013000000-0x0000000013d92000-0x0000000013d92000), size 14229504
      Compressed class space mapped at: 0x0000000014000000-0x0000000054000000, reserved size: 1073741824
       Large Page Support: Disabled
       NUMA Support: Disabled
      Heap:
      Polling page: 0x00007f26d0d1d000
      CodeHeap 'non-profiled nmethods': size=120036Kb used=3Kb max_used=3Kb free=120032Kb
       bounds [0x00007f26b80c7000, 0x00007f26b8337000, 0x00007f26bf600000]
      CodeHeap 'profiled nmethods': size=120036Kb used=7Kb max_used=7Kb free=120028Kb
       bounds [0x00007f26b05ff000, 0x00007f26b086f000, 0x00007f26b7b38000]
      CodeHeap 'non-nmethods': size=5692Kb used=1127Kb max_used=1141Kb free=4564Kb
       bounds [0x00007f26b7b38000, 0x00007f26b7da8000, 0x00007f26b80c7000]
      CodeCache: size=245764Kb, used=1137Kb, max_used=1151Kb, free=244624Kb
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007f26a8000000: reserved=65536.00 KB, committed=192.00 KB ( <1%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x0000000014000000: reserved=1048576.00 KB, committed=128.00 KB ( <1%), used=16384.00 KB (  2%)
      """)
}
