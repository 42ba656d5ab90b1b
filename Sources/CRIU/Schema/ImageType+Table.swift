// Written by Setup/criu-schema.py from CRIU 4.2.1's descriptors; do not edit.
extension ImageType {
  /// `INVENTORY`.
  public static let inventory = ImageType(
    "INVENTORY", 0x58313116, .inventoryEntry, file: "inventory")
  /// `PSTREE`.
  public static let pstree = ImageType(
    "PSTREE", 0x50273030, .pstreeEntry, file: "pstree")
  /// `FDINFO`.
  public static let fdinfo = ImageType(
    "FDINFO", 0x56213732, .fdinfoEntry, file: "fdinfo-%u")
  /// `PAGEMAP`.
  public static let pagemap = ImageType(
    "PAGEMAP", 0x56084025, .pagemapHead, file: "pagemap-%u", layout: .pages)
  /// `CORE`.
  public static let core = ImageType(
    "CORE", 0x55053847, .coreEntry, file: "core-%u")
  /// `IDS`.
  public static let ids = ImageType(
    "IDS", 0x54432030, .taskKobjIdsEntry, file: "ids-%u")
  /// `VMAS`.
  public static let vmas = ImageType(
    "VMAS", 0x54123737, .vmaEntry, file: "vmas-%u")
  /// `PIPES`.
  public static let pipes = ImageType(
    "PIPES", 0x56513555, .pipeEntry, file: "pipes")
  /// `PIPES_DATA`.
  public static let pipesData = ImageType(
    "PIPES_DATA", 0x56453709, .pipeDataEntry, file: "pipes-data", extra: .bytes("bytes"))
  /// `FIFO`.
  public static let fifo = ImageType(
    "FIFO", 0x58364939, .fifoEntry, file: "fifo")
  /// `FIFO_DATA`.
  public static let fifoData = ImageType(
    "FIFO_DATA", 0x59333054, .pipeDataEntry, file: "fifo-data", extra: .bytes("bytes"))
  /// `SIGACT`.
  public static let sigact = ImageType(
    "SIGACT", 0x55344201, .saEntry, file: "sigacts-%u")
  /// `UNIXSK`.
  public static let unixsk = ImageType(
    "UNIXSK", 0x54373943, .unixSkEntry, file: "unixsk")
  /// `INETSK`.
  public static let inetsk = ImageType(
    "INETSK", 0x56443851, .inetSkEntry, file: "inetsk")
  /// `PACKETSK`.
  public static let packetsk = ImageType(
    "PACKETSK", 0x60454618, .packetSockEntry, file: "packetsk")
  /// `ITIMERS`.
  public static let itimers = ImageType(
    "ITIMERS", 0x57464056, .itimerEntry, file: "itimers-%u")
  /// `POSIX_TIMERS`.
  public static let posixTimers = ImageType(
    "POSIX_TIMERS", 0x52603957, .posixTimerEntry, file: "posix-timers-%u")
  /// `SK_QUEUES`.
  public static let skQueues = ImageType(
    "SK_QUEUES", 0x56264026, .skPacketEntry, file: "sk-queues", extra: .bytes("length"))
  /// `UTSNS`.
  public static let utsns = ImageType(
    "UTSNS", 0x54473203, .utsnsEntry, file: "utsns-%u")
  /// `CREDS`.
  public static let creds = ImageType(
    "CREDS", 0x54023547, .credsEntry, file: "creds-%u")
  /// `IPC_VAR`.
  public static let ipcVar = ImageType(
    "IPC_VAR", 0x53115007, .ipcVarEntry, file: "ipcns-var-%u")
  /// `IPCNS_SHM`.
  public static let ipcnsShm = ImageType(
    "IPCNS_SHM", 0x46283044, .ipcShmEntry, file: "ipcns-shm-%u", extra: .segment)
  /// `IPCNS_MSG`.
  public static let ipcnsMsg = ImageType(
    "IPCNS_MSG", 0x55453737, .ipcMsgEntry, file: "ipcns-msg-%u", extra: .messages)
  /// `IPCNS_SEM`.
  public static let ipcnsSem = ImageType(
    "IPCNS_SEM", 0x59573019, .ipcSemEntry, file: "ipcns-sem-%u", extra: .semaphores)
  /// `REG_FILES`.
  public static let regFiles = ImageType(
    "REG_FILES", 0x50363636, .regFileEntry, file: "reg-files")
  /// `EXT_FILES`.
  public static let extFiles = ImageType(
    "EXT_FILES", 0x59255641, .extFileEntry, file: "ext-files")
  /// `FS`.
  public static let fs = ImageType(
    "FS", 0x51403912, .fsEntry, file: "fs-%u")
  /// `MM`.
  public static let mm = ImageType(
    "MM", 0x57492820, .mmEntry, file: "mm-%u")
  /// `REMAP_FPATH`.
  public static let remapFpath = ImageType(
    "REMAP_FPATH", 0x59133954, .remapFilePathEntry, file: "remap-fpath")
  /// `GHOST_FILE`.
  public static let ghostFile = ImageType(
    "GHOST_FILE", 0x52583605, .ghostFileEntry, file: "ghost-file-%x", layout: .ghost)
  /// `TCP_STREAM`.
  public static let tcpStream = ImageType(
    "TCP_STREAM", 0x51465506, .tcpStreamEntry, file: "tcp-stream-%x", extra: .queues)
  /// `EVENTFD_FILE`.
  public static let eventfdFile = ImageType(
    "EVENTFD_FILE", 0x44523722, .eventfdFileEntry, file: "eventfd")
  /// `EVENTPOLL_FILE`.
  public static let eventpollFile = ImageType(
    "EVENTPOLL_FILE", 0x45023858, .eventpollFileEntry, file: "eventpoll")
  /// `EVENTPOLL_TFD`.
  public static let eventpollTfd = ImageType(
    "EVENTPOLL_TFD", 0x44433746, .eventpollTfdEntry, file: "eventpoll-tfd")
  /// `SIGNALFD`.
  public static let signalfd = ImageType(
    "SIGNALFD", 0x57323820, .signalfdEntry, file: "signalfd")
  /// `INOTIFY_FILE`.
  public static let inotifyFile = ImageType(
    "INOTIFY_FILE", 0x48424431, .inotifyFileEntry, file: "inotify")
  /// `INOTIFY_WD`.
  public static let inotifyWd = ImageType(
    "INOTIFY_WD", 0x54562009, .inotifyWdEntry, file: "inotify-wd")
  /// `MNTS`.
  public static let mnts = ImageType(
    "MNTS", 0x55563928, .mntEntry, file: "mountpoints-%u")
  /// `NETDEV`.
  public static let netdev = ImageType(
    "NETDEV", 0x57373951, .netDeviceEntry, file: "netdev-%u")
  /// `NETNS`.
  public static let netns = ImageType(
    "NETNS", 0x55933752, .netnsEntry, file: "netns-%u")
  /// `TTY_FILES`.
  public static let ttyFiles = ImageType(
    "TTY_FILES", 0x59433025, .ttyFileEntry, file: "tty")
  /// `TTY_INFO`.
  public static let ttyInfo = ImageType(
    "TTY_INFO", 0x59453036, .ttyInfoEntry, file: "tty-info")
  /// `TTY_DATA`.
  public static let ttyData = ImageType(
    "TTY_DATA", 0x59413026, .ttyDataEntry, file: "tty-data")
  /// `FILE_LOCKS`.
  public static let fileLocks = ImageType(
    "FILE_LOCKS", 0x54323616, .fileLockEntry, file: "filelocks")
  /// `RLIMIT`.
  public static let rlimit = ImageType(
    "RLIMIT", 0x57113925, .rlimitEntry, file: "rlimit-%u")
  /// `FANOTIFY_FILE`.
  public static let fanotifyFile = ImageType(
    "FANOTIFY_FILE", 0x55096122, .fanotifyFileEntry, file: "fanotify")
  /// `FANOTIFY_MARK`.
  public static let fanotifyMark = ImageType(
    "FANOTIFY_MARK", 0x56506035, .fanotifyMarkEntry, file: "fanotify-mark")
  /// `SIGNAL`.
  public static let signal = ImageType(
    "SIGNAL", 0x59255647, .siginfoEntry, file: "signal-s-%u")
  /// `NETLINK_SK`.
  public static let netlinkSk = ImageType(
    "NETLINK_SK", 0x58005614, .netlinkSkEntry, file: "netlinksk")
  /// `NS_FILES`.
  public static let nsFiles = ImageType(
    "NS_FILES", 0x61394011, .nsFileEntry, file: "ns-files")
  /// `TUNFILE`.
  public static let tunfile = ImageType(
    "TUNFILE", 0x57143751, .tunfileEntry, file: "tunfile")
  /// `CGROUP`.
  public static let cgroup = ImageType(
    "CGROUP", 0x59383330, .cgroupEntry, file: "cgroup")
  /// `TIMERFD`.
  public static let timerfd = ImageType(
    "TIMERFD", 0x50493712, .timerfdEntry, file: "timerfd")
  /// `CPUINFO`.
  public static let cpuinfo = ImageType(
    "CPUINFO", 0x61404013, .cpuinfoEntry, file: "cpuinfo")
  /// `USERNS`.
  public static let userns = ImageType(
    "USERNS", 0x55474906, .usernsEntry, file: "userns-%u")
  /// `SECCOMP`.
  public static let seccomp = ImageType(
    "SECCOMP", 0x64413049, .seccompEntry, file: "seccomp")
  /// `BINFMT_MISC`.
  public static let binfmtMisc = ImageType(
    "BINFMT_MISC", 0x67343323, .binfmtMiscEntry, file: "binfmt-misc")
  /// `AUTOFS`.
  public static let autofs = ImageType(
    "AUTOFS", 0x49353943, .autofsEntry, file: "autofs-%u")
  /// `FILES`.
  public static let files = ImageType(
    "FILES", 0x56303138, .fileEntry, file: "files")
  /// `MEMFD_INODE`.
  public static let memfdInode = ImageType(
    "MEMFD_INODE", 0x48453499, .memfdInodeEntry, file: "memfd")
  /// `TIMENS`.
  public static let timens = ImageType(
    "TIMENS", 0x43114433, .timensEntry, file: "timens-%u")
  /// `PIDNS`.
  public static let pidns = ImageType(
    "PIDNS", 0x61157326, .pidnsEntry, file: "pidns-%u")
  /// `BPFMAP_FILE`.
  public static let bpfmapFile = ImageType(
    "BPFMAP_FILE", 0x57506142, .bpfmapFileEntry, file: "bpfmap-file")
  /// `BPFMAP_DATA`.
  public static let bpfmapData = ImageType(
    "BPFMAP_DATA", 0x64324033, .bpfmapDataEntry, file: "bpfmap-data",
    extra: .bytes("keys_bytes", "values_bytes"))
  /// `APPARMOR`.
  public static let apparmor = ImageType(
    "APPARMOR", 0x59423047, .apparmorEntry, file: "apparmor")
  /// `PIDFD`.
  public static let pidfd = ImageType(
    "PIDFD", 0x54435556, .pidfdEntry, file: "pidfd")
  /// `STATS`.
  public static let stats = ImageType(
    "STATS", 0x57093306, .statsEntry, file: "stats-dump", isService: true)
  /// `IRMAP_CACHE`.
  public static let irmapCache = ImageType(
    "IRMAP_CACHE", 0x57004059, .irmapCacheEntry, file: "irmap-cache", isService: true)
}
