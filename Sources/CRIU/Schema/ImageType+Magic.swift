// Written by Setup/criu-schema.py from CRIU 4.2.1's descriptors; do not edit.
extension ImageType: CaseIterable {
  /// Every kind of image that has a magic number.
  public static var allCases: [ImageType] {
    [
      .inventory,
      .pstree,
      .fdinfo,
      .pagemap,
      .core,
      .ids,
      .vmas,
      .pipes,
      .pipesData,
      .fifo,
      .fifoData,
      .sigact,
      .unixsk,
      .inetsk,
      .packetsk,
      .itimers,
      .posixTimers,
      .skQueues,
      .utsns,
      .creds,
      .ipcVar,
      .ipcnsShm,
      .ipcnsMsg,
      .ipcnsSem,
      .regFiles,
      .extFiles,
      .fs,
      .mm,
      .remapFpath,
      .ghostFile,
      .tcpStream,
      .eventfdFile,
      .eventpollFile,
      .eventpollTfd,
      .signalfd,
      .inotifyFile,
      .inotifyWd,
      .mnts,
      .netdev,
      .netns,
      .ttyFiles,
      .ttyInfo,
      .ttyData,
      .fileLocks,
      .rlimit,
      .fanotifyFile,
      .fanotifyMark,
      .signal,
      .netlinkSk,
      .nsFiles,
      .tunfile,
      .cgroup,
      .timerfd,
      .cpuinfo,
      .userns,
      .seccomp,
      .binfmtMisc,
      .autofs,
      .files,
      .memfdInode,
      .timens,
      .pidns,
      .bpfmapFile,
      .bpfmapData,
      .apparmor,
      .pidfd,
      .stats,
      .irmapCache,
    ]
  }

  /// The kind of image that a file's magic number tells, `nil` for a strange one.
  public init?(magic: UInt32) {
    switch magic {
    case 0x58313116: self = .inventory
    case 0x50273030: self = .pstree
    case 0x56213732: self = .fdinfo
    case 0x56084025: self = .pagemap
    case 0x55053847: self = .core
    case 0x54432030: self = .ids
    case 0x54123737: self = .vmas
    case 0x56513555: self = .pipes
    case 0x56453709: self = .pipesData
    case 0x58364939: self = .fifo
    case 0x59333054: self = .fifoData
    case 0x55344201: self = .sigact
    case 0x54373943: self = .unixsk
    case 0x56443851: self = .inetsk
    case 0x60454618: self = .packetsk
    case 0x57464056: self = .itimers
    case 0x52603957: self = .posixTimers
    case 0x56264026: self = .skQueues
    case 0x54473203: self = .utsns
    case 0x54023547: self = .creds
    case 0x53115007: self = .ipcVar
    case 0x46283044: self = .ipcnsShm
    case 0x55453737: self = .ipcnsMsg
    case 0x59573019: self = .ipcnsSem
    case 0x50363636: self = .regFiles
    case 0x59255641: self = .extFiles
    case 0x51403912: self = .fs
    case 0x57492820: self = .mm
    case 0x59133954: self = .remapFpath
    case 0x52583605: self = .ghostFile
    case 0x51465506: self = .tcpStream
    case 0x44523722: self = .eventfdFile
    case 0x45023858: self = .eventpollFile
    case 0x44433746: self = .eventpollTfd
    case 0x57323820: self = .signalfd
    case 0x48424431: self = .inotifyFile
    case 0x54562009: self = .inotifyWd
    case 0x55563928: self = .mnts
    case 0x57373951: self = .netdev
    case 0x55933752: self = .netns
    case 0x59433025: self = .ttyFiles
    case 0x59453036: self = .ttyInfo
    case 0x59413026: self = .ttyData
    case 0x54323616: self = .fileLocks
    case 0x57113925: self = .rlimit
    case 0x55096122: self = .fanotifyFile
    case 0x56506035: self = .fanotifyMark
    case 0x59255647: self = .signal
    case 0x58005614: self = .netlinkSk
    case 0x61394011: self = .nsFiles
    case 0x57143751: self = .tunfile
    case 0x59383330: self = .cgroup
    case 0x50493712: self = .timerfd
    case 0x61404013: self = .cpuinfo
    case 0x55474906: self = .userns
    case 0x64413049: self = .seccomp
    case 0x67343323: self = .binfmtMisc
    case 0x49353943: self = .autofs
    case 0x56303138: self = .files
    case 0x48453499: self = .memfdInode
    case 0x43114433: self = .timens
    case 0x61157326: self = .pidns
    case 0x57506142: self = .bpfmapFile
    case 0x64324033: self = .bpfmapData
    case 0x59423047: self = .apparmor
    case 0x54435556: self = .pidfd
    case 0x57093306: self = .stats
    case 0x57004059: self = .irmapCache
    default: return nil
    }
  }
}
