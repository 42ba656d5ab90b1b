// Written by Setup/criu-schema.py from CRIU 4.2.1's descriptors; do not edit.
extension Schema {
  /// The messages of this file, for those who look one up by its name.
  static var memoryMessages: [Schema] {
    [
      .aioRingEntry,
      .mmEntry,
      .vmaEntry,
      .pagemapHead,
      .pagemapEntry,
      .memfdFileEntry,
      .memfdInodeEntry,
      .ipcDescEntry,
      .ipcMsg,
      .ipcMsgEntry,
      .ipcSemEntry,
      .ipcShmEntry,
      .ipcVarEntry,
      .bpfmapDataEntry,
      .bpfmapFileEntry,
    ]
  }

  /// `aio_ring_entry` of mm.proto.
  public static let aioRingEntry = Schema(
    "aio_ring_entry",
    [
      Field(1, "id", .uint64, .required),
      Field(2, "nr_req", .uint32, .required),
      Field(3, "ring_len", .uint32, .required),
    ])

  /// `mm_entry` of mm.proto.
  public static let mmEntry = Schema(
    "mm_entry",
    [
      Field(1, "mm_start_code", .uint64, .required, as: .hex),
      Field(2, "mm_end_code", .uint64, .required, as: .hex),
      Field(3, "mm_start_data", .uint64, .required, as: .hex),
      Field(4, "mm_end_data", .uint64, .required, as: .hex),
      Field(5, "mm_start_stack", .uint64, .required, as: .hex),
      Field(6, "mm_start_brk", .uint64, .required, as: .hex),
      Field(7, "mm_brk", .uint64, .required, as: .hex),
      Field(8, "mm_arg_start", .uint64, .required, as: .hex),
      Field(9, "mm_arg_end", .uint64, .required, as: .hex),
      Field(10, "mm_env_start", .uint64, .required, as: .hex),
      Field(11, "mm_env_end", .uint64, .required, as: .hex),
      Field(12, "exe_file_id", .uint32, .required),
      Field(13, "mm_saved_auxv", .uint64, .repeated),
      Field(14, "vmas", .message(.vmaEntry), .repeated),
      Field(15, "dumpable", .int32, .optional),
      Field(16, "aios", .message(.aioRingEntry), .repeated),
      Field(17, "thp_disabled", .bool, .optional),
    ])

  /// `vma_entry` of vma.proto.
  public static let vmaEntry = Schema(
    "vma_entry",
    [
      Field(1, "start", .uint64, .required, as: .hex),
      Field(2, "end", .uint64, .required, as: .hex),
      Field(3, "pgoff", .uint64, .required),
      Field(4, "shmid", .uint64, .required),
      Field(5, "prot", .uint32, .required, as: .flags(.mmapProt)),
      Field(6, "flags", .uint32, .required, as: .flags(.mmapFlags)),
      Field(7, "status", .uint32, .required, as: .flags(.mmapStatus)),
      Field(8, "fd", .sint64, .required),
      Field(9, "madv", .uint64, .optional, as: .hex),
      Field(10, "fdflags", .uint32, .optional, as: .hex),
    ])

  /// `pagemap_head` of pagemap.proto.
  public static let pagemapHead = Schema(
    "pagemap_head",
    [
      Field(1, "pages_id", .uint32, .required)
    ])

  /// `pagemap_entry` of pagemap.proto.
  public static let pagemapEntry = Schema(
    "pagemap_entry",
    [
      Field(1, "vaddr", .uint64, .required, as: .hex),
      Field(2, "compat_nr_pages", .uint32, .required),
      Field(3, "in_parent", .bool, .optional),
      Field(4, "flags", .uint32, .optional, as: .flags(.pmapFlags)),
      Field(5, "nr_pages", .uint64, .optional),
    ])

  /// `memfd_file_entry` of memfd.proto.
  public static let memfdFileEntry = Schema(
    "memfd_file_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "flags", .uint32, .required, as: .flags(.rfileFlags)),
      Field(3, "pos", .uint64, .required),
      Field(4, "fown", .message(.fownEntry), .required),
      Field(5, "inode_id", .uint32, .required),
    ])

  /// `memfd_inode_entry` of memfd.proto.
  public static let memfdInodeEntry = Schema(
    "memfd_inode_entry",
    [
      Field(1, "name", .string, .required),
      Field(2, "uid", .uint32, .required),
      Field(3, "gid", .uint32, .required),
      Field(4, "size", .uint64, .required),
      Field(5, "shmid", .uint32, .required),
      Field(6, "seals", .uint32, .required, as: .flags(.sealsFlags)),
      Field(7, "inode_id", .uint64, .required),
      Field(8, "hugetlb_flag", .uint32, .optional),
      Field(9, "mode", .uint32, .optional),
    ])

  /// `ipc_desc_entry` of ipc_desc.proto.
  public static let ipcDescEntry = Schema(
    "ipc_desc_entry",
    [
      Field(1, "key", .uint32, .required),
      Field(2, "uid", .uint32, .required),
      Field(3, "gid", .uint32, .required),
      Field(4, "cuid", .uint32, .required),
      Field(5, "cgid", .uint32, .required),
      Field(6, "mode", .uint32, .required),
      Field(7, "id", .uint32, .required),
    ])

  /// `ipc_msg` of ipc_msg.proto.
  public static let ipcMsg = Schema(
    "ipc_msg",
    [
      Field(1, "mtype", .uint64, .required),
      Field(2, "msize", .uint32, .required),
    ])

  /// `ipc_msg_entry` of ipc_msg.proto.
  public static let ipcMsgEntry = Schema(
    "ipc_msg_entry",
    [
      Field(1, "desc", .message(.ipcDescEntry), .required),
      Field(2, "qbytes", .uint32, .required),
      Field(3, "qnum", .uint32, .required),
    ])

  /// `ipc_sem_entry` of ipc_sem.proto.
  public static let ipcSemEntry = Schema(
    "ipc_sem_entry",
    [
      Field(1, "desc", .message(.ipcDescEntry), .required),
      Field(2, "nsems", .uint32, .required),
    ])

  /// `ipc_shm_entry` of ipc_shm.proto.
  public static let ipcShmEntry = Schema(
    "ipc_shm_entry",
    [
      Field(1, "desc", .message(.ipcDescEntry), .required),
      Field(2, "size", .uint64, .required),
      Field(3, "in_pagemaps", .bool, .optional),
      Field(4, "hugetlb_flag", .uint32, .optional),
    ])

  /// `ipc_var_entry` of ipc_var.proto.
  public static let ipcVarEntry = Schema(
    "ipc_var_entry",
    [
      Field(1, "sem_ctls", .uint32, .repeated),
      Field(2, "msg_ctlmax", .uint32, .required),
      Field(3, "msg_ctlmnb", .uint32, .required),
      Field(4, "msg_ctlmni", .uint32, .required),
      Field(5, "auto_msgmni", .uint32, .required),
      Field(6, "shm_ctlmax", .uint64, .required),
      Field(7, "shm_ctlall", .uint64, .required),
      Field(8, "shm_ctlmni", .uint32, .required),
      Field(9, "shm_rmid_forced", .uint32, .required),
      Field(10, "mq_queues_max", .uint32, .required),
      Field(11, "mq_msg_max", .uint32, .required),
      Field(12, "mq_msgsize_max", .uint32, .required),
      Field(13, "mq_msg_default", .uint32, .optional),
      Field(14, "mq_msgsize_default", .uint32, .optional),
      Field(15, "msg_next_id", .uint32, .optional),
      Field(16, "sem_next_id", .uint32, .optional),
      Field(17, "shm_next_id", .uint32, .optional),
    ])

  /// `bpfmap_data_entry` of bpfmap_data.proto.
  public static let bpfmapDataEntry = Schema(
    "bpfmap_data_entry",
    [
      Field(1, "map_id", .uint32, .required),
      Field(2, "keys_bytes", .uint32, .required),
      Field(3, "values_bytes", .uint32, .required),
      Field(4, "count", .uint32, .required),
    ])

  /// `bpfmap_file_entry` of bpfmap_file.proto.
  public static let bpfmapFileEntry = Schema(
    "bpfmap_file_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "flags", .uint32, .required, as: .flags(.rfileFlags)),
      Field(3, "pos", .uint64, .required),
      Field(4, "fown", .message(.fownEntry), .required),
      Field(5, "map_type", .uint32, .required),
      Field(6, "key_size", .uint32, .required),
      Field(7, "value_size", .uint32, .required),
      Field(8, "map_id", .uint32, .required),
      Field(9, "max_entries", .uint32, .required),
      Field(10, "map_flags", .uint32, .required),
      Field(11, "memlock", .uint64, .required),
      Field(12, "frozen", .bool, .required),
      Field(13, "map_name", .string, .required),
      Field(14, "ifindex", .uint32, .required),
      Field(15, "mnt_id", .sint32, .optional),
      Field(16, "map_extra", .uint64, .optional),
    ])
}
