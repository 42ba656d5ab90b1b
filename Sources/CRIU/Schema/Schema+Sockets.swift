// Written by Setup/criu-schema.py from CRIU 4.2.1's descriptors; do not edit.
extension Schema {
  /// The messages of this file, for those who look one up by its name.
  static var socketsMessages: [Schema] {
    [
      .ipOptsRawEntry,
      .ipOptsEntry,
      .inetSkEntry,
      .netlinkSkEntry,
      .skOptsEntry,
      .scmEntry,
      .skPacketEntry,
      .filePermsEntry,
      .unixSkEntry,
      .packetMclist,
      .packetRing,
      .packetSockEntry,
      .tcpOptsEntry,
      .tcpStreamEntry,
    ]
  }

  /// `ip_opts_raw_entry` of sk_inet.proto.
  public static let ipOptsRawEntry = Schema(
    "ip_opts_raw_entry",
    [
      Field(1, "hdrincl", .bool, .optional),
      Field(2, "nodefrag", .bool, .optional),
      Field(3, "checksum", .bool, .optional),
      Field(4, "icmpv_filter", .uint32, .repeated),
    ])

  /// `ip_opts_entry` of sk_inet.proto.
  public static let ipOptsEntry = Schema(
    "ip_opts_entry",
    [
      Field(1, "freebind", .bool, .optional),
      Field(4, "raw", .message(.ipOptsRawEntry), .optional),
      Field(5, "pktinfo", .bool, .optional),
      Field(6, "tos", .uint32, .optional),
      Field(7, "ttl", .uint32, .optional),
    ])

  /// `inet_sk_entry` of sk_inet.proto.
  public static let inetSkEntry = Schema(
    "inet_sk_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "ino", .uint32, .required),
      Field(3, "family", .uint32, .required, as: .names(.skFamily)),
      Field(4, "type", .uint32, .required, as: .names(.skType)),
      Field(5, "proto", .uint32, .required, as: .names(.skProto)),
      Field(6, "state", .uint32, .required, as: .names(.skState)),
      Field(7, "src_port", .uint32, .required),
      Field(8, "dst_port", .uint32, .required),
      Field(9, "flags", .uint32, .required, as: .hex),
      Field(10, "backlog", .uint32, .required),
      Field(11, "src_addr", .uint32, .repeated, as: .address),
      Field(12, "dst_addr", .uint32, .repeated, as: .address),
      Field(13, "fown", .message(.fownEntry), .required),
      Field(14, "opts", .message(.skOptsEntry), .required),
      Field(15, "v6only", .bool, .optional),
      Field(16, "ip_opts", .message(.ipOptsEntry), .optional),
      Field(17, "ifname", .string, .optional),
      Field(18, "ns_id", .uint32, .optional),
      Field(19, "shutdown", .enumeration(.skShutdown), .optional),
      Field(20, "tcp_opts", .message(.tcpOptsEntry), .optional),
    ])

  /// `netlink_sk_entry` of sk_netlink.proto.
  public static let netlinkSkEntry = Schema(
    "netlink_sk_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "ino", .uint32, .required),
      Field(3, "protocol", .uint32, .required),
      Field(4, "state", .uint32, .required),
      Field(6, "flags", .uint32, .required, as: .hex),
      Field(7, "portid", .uint32, .required),
      Field(8, "groups", .uint32, .repeated),
      Field(9, "dst_portid", .uint32, .required),
      Field(10, "dst_group", .uint32, .required),
      Field(11, "fown", .message(.fownEntry), .required),
      Field(12, "opts", .message(.skOptsEntry), .required),
      Field(13, "ns_id", .uint32, .optional),
    ])

  /// `sk_opts_entry` of sk_opts.proto.
  public static let skOptsEntry = Schema(
    "sk_opts_entry",
    [
      Field(1, "so_sndbuf", .uint32, .required),
      Field(2, "so_rcvbuf", .uint32, .required),
      Field(3, "so_snd_tmo_sec", .uint64, .required),
      Field(4, "so_snd_tmo_usec", .uint64, .required),
      Field(5, "so_rcv_tmo_sec", .uint64, .required),
      Field(6, "so_rcv_tmo_usec", .uint64, .required),
      Field(7, "reuseaddr", .bool, .optional),
      Field(8, "so_priority", .uint32, .optional),
      Field(9, "so_rcvlowat", .uint32, .optional),
      Field(10, "so_mark", .uint32, .optional),
      Field(11, "so_passcred", .bool, .optional),
      Field(12, "so_passsec", .bool, .optional),
      Field(13, "so_dontroute", .bool, .optional),
      Field(14, "so_no_check", .bool, .optional),
      Field(15, "so_bound_dev", .string, .optional),
      Field(16, "so_filter", .fixed64, .repeated),
      Field(17, "so_reuseport", .bool, .optional),
      Field(18, "so_broadcast", .bool, .optional),
      Field(19, "so_keepalive", .bool, .optional),
      Field(20, "tcp_keepcnt", .uint32, .optional),
      Field(21, "tcp_keepidle", .uint32, .optional),
      Field(22, "tcp_keepintvl", .uint32, .optional),
      Field(23, "so_oobinline", .uint32, .optional),
      Field(24, "so_linger", .uint32, .optional),
      Field(25, "so_buf_lock", .uint32, .optional),
    ])

  /// `scm_entry` of sk_packet.proto.
  public static let scmEntry = Schema(
    "scm_entry",
    [
      Field(1, "type", .uint32, .required),
      Field(2, "rights", .uint32, .repeated),
    ])

  /// `sk_packet_entry` of sk_packet.proto.
  public static let skPacketEntry = Schema(
    "sk_packet_entry",
    [
      Field(1, "id_for", .uint32, .required),
      Field(2, "length", .uint32, .required),
      Field(4, "scm", .message(.scmEntry), .repeated),
    ])

  /// `file_perms_entry` of sk_unix.proto.
  public static let filePermsEntry = Schema(
    "file_perms_entry",
    [
      Field(1, "mode", .uint32, .required),
      Field(2, "uid", .uint32, .required),
      Field(3, "gid", .uint32, .required),
    ])

  /// `unix_sk_entry` of sk_unix.proto.
  public static let unixSkEntry = Schema(
    "unix_sk_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "ino", .uint32, .required),
      Field(3, "type", .uint32, .required, as: .names(.skType)),
      Field(4, "state", .uint32, .required, as: .names(.skState)),
      Field(5, "flags", .uint32, .required, as: .hex),
      Field(6, "uflags", .uint32, .required, as: .hex),
      Field(7, "backlog", .uint32, .required),
      Field(8, "peer", .uint32, .required),
      Field(9, "fown", .message(.fownEntry), .required),
      Field(10, "opts", .message(.skOptsEntry), .required),
      Field(11, "name", .bytes, .required, as: .quotedPrintable),
      Field(12, "shutdown", .enumeration(.skShutdown), .optional),
      Field(13, "file_perms", .message(.filePermsEntry), .optional),
      Field(14, "name_dir", .string, .optional),
      Field(15, "deleted", .bool, .optional),
      Field(16, "ns_id", .uint32, .optional),
      Field(17, "mnt_id", .sint32, .optional),
    ])

  /// `packet_mclist` of packet_sock.proto.
  public static let packetMclist = Schema(
    "packet_mclist",
    [
      Field(1, "index", .uint32, .required),
      Field(2, "type", .uint32, .required),
      Field(3, "addr", .bytes, .required),
    ])

  /// `packet_ring` of packet_sock.proto.
  public static let packetRing = Schema(
    "packet_ring",
    [
      Field(1, "block_size", .uint32, .required),
      Field(2, "block_nr", .uint32, .required),
      Field(3, "frame_size", .uint32, .required),
      Field(4, "frame_nr", .uint32, .required),
      Field(5, "retire_tmo", .uint32, .required),
      Field(6, "sizeof_priv", .uint32, .required),
      Field(7, "features", .uint32, .required),
    ])

  /// `packet_sock_entry` of packet_sock.proto.
  public static let packetSockEntry = Schema(
    "packet_sock_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "type", .uint32, .required),
      Field(3, "protocol", .uint32, .required),
      Field(4, "flags", .uint32, .required, as: .hex),
      Field(5, "ifindex", .uint32, .required),
      Field(6, "fown", .message(.fownEntry), .required),
      Field(7, "opts", .message(.skOptsEntry), .required),
      Field(8, "version", .uint32, .required),
      Field(9, "reserve", .uint32, .required),
      Field(10, "aux_data", .bool, .required),
      Field(11, "orig_dev", .bool, .required),
      Field(12, "vnet_hdr", .bool, .required),
      Field(13, "loss", .bool, .required),
      Field(14, "timestamp", .uint32, .required),
      Field(15, "copy_thresh", .uint32, .required),
      Field(16, "mclist", .message(.packetMclist), .repeated),
      Field(17, "fanout", .uint32, .optional),
      Field(18, "rx_ring", .message(.packetRing), .optional),
      Field(19, "tx_ring", .message(.packetRing), .optional),
      Field(20, "ns_id", .uint32, .optional),
    ])

  /// `tcp_opts_entry` of tcp_stream.proto.
  public static let tcpOptsEntry = Schema(
    "tcp_opts_entry",
    [
      Field(1, "cork", .bool, .optional),
      Field(2, "nodelay", .bool, .optional),
      Field(3, "keepcnt", .uint32, .optional),
      Field(4, "keepidle", .uint32, .optional),
      Field(5, "keepintvl", .uint32, .optional),
    ])

  /// `tcp_stream_entry` of tcp_stream.proto.
  public static let tcpStreamEntry = Schema(
    "tcp_stream_entry",
    [
      Field(1, "inq_len", .uint32, .required),
      Field(2, "inq_seq", .uint32, .required),
      Field(3, "outq_len", .uint32, .required),
      Field(4, "outq_seq", .uint32, .required),
      Field(5, "opt_mask", .uint32, .required, as: .hex),
      Field(6, "snd_wscale", .uint32, .required),
      Field(7, "mss_clamp", .uint32, .required),
      Field(8, "rcv_wscale", .uint32, .optional),
      Field(9, "timestamp", .uint32, .optional),
      Field(10, "cork", .bool, .optional),
      Field(11, "nodelay", .bool, .optional),
      Field(12, "unsq_len", .uint32, .optional),
      Field(13, "snd_wl1", .uint32, .optional),
      Field(14, "snd_wnd", .uint32, .optional),
      Field(15, "max_window", .uint32, .optional),
      Field(16, "rcv_wnd", .uint32, .optional),
      Field(17, "rcv_wup", .uint32, .optional),
    ])
}

extension Enumeration {
  /// `sk_shutdown` of sk_opts.proto.
  public static let skShutdown = Enumeration(
    "sk_shutdown",
    [
      ("NONE", 0),
      ("READ", 1),
      ("WRITE", 2),
      ("BOTH", 3),
    ])
}
