/// Answers of real JVMs of version 21, the lines that tell of memory.
enum HotSpotAnswers21 {
  static let serial = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:+UseCompressedOops -XX:+UseSerialGC",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (21.0.13+9-1-Debian, mixed mode, sharing, tiered, compressed oops, compressed class ptrs, serial gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      Heap address: 0x00000000f0000000, size: 256 MB, Compressed Oops mode: 32-bit
      CDS archive(s) mapped at: [0x00007ff96f000000-0x00007ff96fc9d000-0x00007ff96fc9d000), size 13225984
      Compressed class space mapped at: 0x00007ff970000000-0x00007ff9b0000000, reserved size: 1073741824
       Large Page Support: Disabled
       NUMA Support: Disabled
      Heap:
       def new generation   total 78656K, used 2669K [0x00000000f0000000, 0x00000000f5550000, 0x00000000f5550000)
        eden space 69952K,   3% used [0x00000000f0000000, 0x00000000f029b570, 0x00000000f4450000)
       tenured generation   total 174784K, used 33918K [0x00000000f5550000, 0x0000000100000000, 0x0000000100000000)
         the space 174784K,  19% used [0x00000000f5550000, 0x00000000f766f9e8, 0x00000000f766fa00, 0x0000000100000000)
      Card table byte_map: [0x00007ff9ccaa9000,0x00007ff9ccb2a000] _byte_map_base: 0x00007ff9cc329000
      Polling page: 0x00007ff9ce90e000
      CodeHeap 'non-profiled nmethods': size=120036Kb used=2Kb max_used=2Kb free=120033Kb
       bounds [0x00007ff9b82c7000, 0x00007ff9b8537000, 0x00007ff9bf800000]
      CodeHeap 'profiled nmethods': size=120032Kb used=12Kb max_used=12Kb free=120019Kb
       bounds [0x00007ff9b0800000, 0x00007ff9b0a70000, 0x00007ff9b7d38000]
      CodeHeap 'non-nmethods': size=5692Kb used=1095Kb max_used=1109Kb free=4596Kb
       bounds [0x00007ff9b7d38000, 0x00007ff9b7fa8000, 0x00007ff9b82c7000]
      CodeCache: size=245760Kb, used=1109Kb, max_used=1123Kb, free=244648Kb
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007ff964000000: reserved=65536.00 KB, committed=192.00 KB ( <1%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x00007ff970000000: reserved=1048576.00 KB, committed=128.00 KB ( <1%), used=16384.00 KB (  2%)
      """)

  static let parallel = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:+UseCompressedOops -XX:+UseParallelGC",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (21.0.13+9-1-Debian, mixed mode, sharing, tiered, compressed oops, compressed class ptrs, parallel gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      Heap address: 0x00000000f0000000, size: 256 MB, Compressed Oops mode: 32-bit
      CDS archive(s) mapped at: [0x00007fdbd3000000-0x00007fdbd3c9d000-0x00007fdbd3c9d000), size 13225984
      Compressed class space mapped at: 0x00007fdbd4000000-0x00007fdc14000000, reserved size: 1073741824
       Large Page Support: Disabled
       NUMA Support: Disabled
      Heap:
       PSYoungGen      total 76288K, used 2507K [0x00000000fab00000, 0x0000000100000000, 0x0000000100000000)
        eden space 65536K, 3% used [0x00000000fab00000,0x00000000fad72f70,0x00000000feb00000)
       ParOldGen       total 175104K, used 33911K [0x00000000f0000000, 0x00000000fab00000, 0x00000000fab00000)
        object space 175104K, 19% used [0x00000000f0000000,0x00000000f211dea8,0x00000000fab00000)
      Card table byte_map: [0x00007fdc35ea9000,0x00007fdc35f2a000] _byte_map_base: 0x00007fdc35729000
      Marking Bits: (ParMarkBitMap*) 0x00007fdc37c57aa0
       Begin Bits: [0x00007fdc35400000, 0x00007fdc35800000)
       End Bits:   [0x00007fdc35800000, 0x00007fdc35c00000)
      Polling page: 0x00007fdc37d02000
      CodeHeap 'non-profiled nmethods': size=120036Kb used=2Kb max_used=2Kb free=120033Kb
       bounds [0x00007fdc202c7000, 0x00007fdc20537000, 0x00007fdc27800000]
      CodeHeap 'profiled nmethods': size=120032Kb used=12Kb max_used=12Kb free=120019Kb
       bounds [0x00007fdc18800000, 0x00007fdc18a70000, 0x00007fdc1fd38000]
      CodeHeap 'non-nmethods': size=5692Kb used=1096Kb max_used=1110Kb free=4596Kb
       bounds [0x00007fdc1fd38000, 0x00007fdc1ffa8000, 0x00007fdc202c7000]
      CodeCache: size=245760Kb, used=1110Kb, max_used=1124Kb, free=244648Kb
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007fdbc8000000: reserved=65536.00 KB, committed=192.00 KB ( <1%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x00007fdbd4000000: reserved=1048576.00 KB, committed=128.00 KB ( <1%), used=16384.00 KB (  2%)
      """)

  static let g1 = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:+UseCompressedOops -XX:+UseG1GC",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (21.0.13+9-1-Debian, mixed mode, sharing, tiered, compressed oops, compressed class ptrs, g1 gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      Heap address: 0x00000000f0000000, size: 256 MB, Compressed Oops mode: 32-bit
      CDS archive(s) mapped at: [0x00007fef97000000-0x00007fef97c9d000-0x00007fef97c9d000), size 13225984
      Compressed class space mapped at: 0x00007fef98000000-0x00007fefd8000000, reserved size: 1073741824
       Large Page Support: Disabled
       NUMA Support: Disabled
      Heap:
       garbage-first heap   total 122880K, used 34433K [0x00000000f0000000, 0x0000000100000000)
      Card table byte_map: [0x00007feff45ff000,0x00007feff467f000] _byte_map_base: 0x00007feff3e7f000
      Marking Bits: (CMBitMap*) 0x00007ff00c03dec0
       Bits: [0x00007feff4000000, 0x00007feff4400000)
      Polling page: 0x00007ff011cd5000
      CodeHeap 'non-profiled nmethods': size=120036Kb used=3Kb max_used=3Kb free=120032Kb
       bounds [0x00007feffc2c7000, 0x00007feffc537000, 0x00007ff003800000]
      CodeHeap 'profiled nmethods': size=120032Kb used=12Kb max_used=12Kb free=120019Kb
       bounds [0x00007feff4800000, 0x00007feff4a70000, 0x00007feffbd38000]
      CodeHeap 'non-nmethods': size=5692Kb used=1243Kb max_used=1257Kb free=4448Kb
       bounds [0x00007feffbd38000, 0x00007feffbfa8000, 0x00007feffc2c7000]
      CodeCache: size=245760Kb, used=1258Kb, max_used=1272Kb, free=244499Kb
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007fef93000000: reserved=65536.00 KB, committed=192.00 KB ( <1%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x00007fef98000000: reserved=1048576.00 KB, committed=128.00 KB ( <1%), used=16384.00 KB (  2%)
      """)

  static let shenandoah = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:+UseCompressedOops -XX:-UseNUMA -XX:-UseNUMAInterleaving -XX:+UseShenandoahGC",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (21.0.13+9-1-Debian, mixed mode, sharing, tiered, compressed oops, compressed class ptrs, shenandoah gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      Heap address: 0x00000000f0000000, size: 256 MB, Compressed Oops mode: 32-bit
      CDS archive(s) mapped at: [0x00007faf43000000-0x00007faf43c9d000-0x00007faf43c9d000), size 13225984
      Compressed class space mapped at: 0x00007faf44000000-0x00007faf84000000, reserved size: 1073741824
       Large Page Support: Disabled
       NUMA Support: Disabled
      Heap:
      Shenandoah Heap
      Reserved region:
       - [0x00000000f0000000, 0x0000000100000000)
       - map (vanilla): 0x0000000000004c00
       - map (biased):  0x0000000000001000
      Polling page: 0x00007fafae8b1000
      CodeHeap 'non-profiled nmethods': size=120036Kb used=18Kb max_used=20Kb free=120017Kb
       bounds [0x00007faf982c7000, 0x00007faf98537000, 0x00007faf9f800000]
      CodeHeap 'profiled nmethods': size=120032Kb used=98Kb max_used=104Kb free=119933Kb
       bounds [0x00007faf90800000, 0x00007faf90a70000, 0x00007faf97d38000]
      CodeHeap 'non-nmethods': size=5692Kb used=1246Kb max_used=1261Kb free=4445Kb
       bounds [0x00007faf97d38000, 0x00007faf97fa8000, 0x00007faf982c7000]
      CodeCache: size=245760Kb, used=1362Kb, max_used=1385Kb, free=244395Kb
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007faf38000000: reserved=65536.00 KB, committed=256.00 KB ( <1%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x00007faf44000000: reserved=1048576.00 KB, committed=128.00 KB ( <1%), used=16384.00 KB (  2%)
      """)

  static let zgc = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:-UseCompressedOops -XX:-UseNUMA -XX:-UseNUMAInterleaving -XX:+UseZGC",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (21.0.13+9-1-Debian, mixed mode, sharing, tiered, compressed class ptrs, z gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      CDS archive(s) mapped at: [0x00007f294f000000-0x00007f294fc9e000-0x00007f294fc9e000), size 13230080
      Compressed class space mapped at: 0x00007f2950000000-0x00007f2990000000, reserved size: 1073741824
       NUMA Support: Disabled
       Large Page Support: Disabled
      Heap:
       ZHeap           used 38M, capacity 256M, max capacity 256M
      Polling page: 0x00007f2bd24f6000
      CodeHeap 'non-profiled nmethods': size=120036Kb used=17Kb max_used=19Kb free=120018Kb
       bounds [0x00007f2bbc2c7000, 0x00007f2bbc537000, 0x00007f2bc3800000]
      CodeHeap 'profiled nmethods': size=120032Kb used=74Kb max_used=79Kb free=119957Kb
       bounds [0x00007f2bb4800000, 0x00007f2bb4a70000, 0x00007f2bbbd38000]
      CodeHeap 'non-nmethods': size=5692Kb used=1137Kb max_used=1151Kb free=4554Kb
       bounds [0x00007f2bbbd38000, 0x00007f2bbbfa8000, 0x00007f2bbc2c7000]
      CodeCache: size=245760Kb, used=1228Kb, max_used=1249Kb, free=244529Kb
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007f2944000000: reserved=65536.00 KB, committed=256.00 KB ( <1%), used=16384.00 KB ( 25%)
      vsl class-space:
      - node #0: base 0x00007f2950000000: reserved=1048576.00 KB, committed=128.00 KB ( <1%), used=16384.00 KB (  2%)
      """)

  static let wideClassPointers = HotSpotAnswer(
    flags:
      "-XX:MaxHeapSize=268435456 -XX:SoftMaxHeapSize=268435456 -XX:-UseCompressedClassPointers -XX:+UseCompressedOops -XX:+UseSerialGC",
    info: """
      # Java VM: OpenJDK 64-Bit Server VM (21.0.13+9-1-Debian, mixed mode, tiered, compressed oops, serial gc, linux-amd64)
      ---------------  P R O C E S S  ---------------
      Heap address: 0x00000000f0000000, size: 256 MB, Compressed Oops mode: 32-bit
       Large Page Support: Disabled
       NUMA Support: Disabled
      Heap:
       def new generation   total 78656K, used 2671K [0x00000000f0000000, 0x00000000f5550000, 0x00000000f5550000)
        eden space 69952K,   3% used [0x00000000f0000000, 0x00000000f029bc90, 0x00000000f4450000)
       tenured generation   total 174784K, used 33278K [0x00000000f5550000, 0x0000000100000000, 0x0000000100000000)
         the space 174784K,  19% used [0x00000000f5550000, 0x00000000f75cfa68, 0x00000000f75cfc00, 0x0000000100000000)
      Card table byte_map: [0x00007f61094a9000,0x00007f610952a000] _byte_map_base: 0x00007f6108d29000
      Polling page: 0x00007f610b30a000
      CodeHeap 'non-profiled nmethods': size=120036Kb used=18Kb max_used=18Kb free=120017Kb
       bounds [0x00007f60f42c7000, 0x00007f60f4537000, 0x00007f60fb800000]
      CodeHeap 'profiled nmethods': size=120032Kb used=83Kb max_used=83Kb free=119948Kb
       bounds [0x00007f60ec800000, 0x00007f60eca70000, 0x00007f60f3d38000]
      CodeHeap 'non-nmethods': size=5692Kb used=1100Kb max_used=1114Kb free=4592Kb
       bounds [0x00007f60f3d38000, 0x00007f60f3fa8000, 0x00007f60f42c7000]
      CodeCache: size=245760Kb, used=1201Kb, max_used=1215Kb, free=244557Kb
      Compilation events (16 events):
      """,
    metaspace: """
      vsl non-class-space:
      - node #0: base 0x00007f60e4000000: reserved=65536.00 KB, committed=4352.00 KB (  7%), used=16384.00 KB ( 25%)
      """)
}
