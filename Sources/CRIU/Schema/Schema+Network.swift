// Written by Setup/criu-schema.py from CRIU 4.2.1's descriptors; do not edit.
extension Schema {
  /// The messages of this file, for those who look one up by its name.
  static var networkMessages: [Schema] {
    [
      .netDeviceEntry,
      .netnsId,
      .netnsEntry,
      .macvlanLinkEntry,
      .sitEntry,
      .tunfileEntry,
      .tunLinkEntry,
      .sysctlEntry,
    ]
  }

  /// `net_device_entry` of netdev.proto.
  public static let netDeviceEntry = Schema(
    "net_device_entry",
    [
      Field(1, "type", .enumeration(.ndType), .required),
      Field(2, "ifindex", .uint32, .required),
      Field(3, "mtu", .uint32, .required),
      Field(4, "flags", .uint32, .required, as: .hex),
      Field(5, "name", .string, .required),
      Field(6, "tun", .message(.tunLinkEntry), .optional),
      Field(7, "address", .bytes, .optional),
      Field(8, "conf", .int32, .repeated),
      Field(9, "conf4", .message(.sysctlEntry), .repeated),
      Field(10, "conf6", .message(.sysctlEntry), .repeated),
      Field(11, "macvlan", .message(.macvlanLinkEntry), .optional),
      Field(12, "peer_ifindex", .uint32, .optional),
      Field(13, "peer_nsid", .uint32, .optional),
      Field(14, "master", .uint32, .optional),
      Field(15, "sit", .message(.sitEntry), .optional),
    ])

  /// `netns_id` of netdev.proto.
  public static let netnsId = Schema(
    "netns_id",
    [
      Field(1, "target_ns_id", .uint32, .required),
      Field(2, "netnsid_value", .int32, .required),
    ])

  /// `netns_entry` of netdev.proto.
  public static let netnsEntry = Schema(
    "netns_entry",
    [
      Field(1, "def_conf", .int32, .repeated),
      Field(2, "all_conf", .int32, .repeated),
      Field(3, "def_conf4", .message(.sysctlEntry), .repeated),
      Field(4, "all_conf4", .message(.sysctlEntry), .repeated),
      Field(5, "def_conf6", .message(.sysctlEntry), .repeated),
      Field(6, "all_conf6", .message(.sysctlEntry), .repeated),
      Field(7, "nsids", .message(.netnsId), .repeated),
      Field(8, "ext_key", .string, .optional),
      Field(9, "unix_conf", .message(.sysctlEntry), .repeated),
      Field(10, "ipv4_sysctl", .message(.sysctlEntry), .repeated),
    ])

  /// `macvlan_link_entry` of macvlan.proto.
  public static let macvlanLinkEntry = Schema(
    "macvlan_link_entry",
    [
      Field(1, "mode", .uint32, .required),
      Field(2, "flags", .uint32, .optional),
    ])

  /// `sit_entry` of sit.proto.
  public static let sitEntry = Schema(
    "sit_entry",
    [
      Field(1, "link", .uint32, .optional),
      Field(2, "local", .uint32, .repeated, as: .address),
      Field(3, "remote", .uint32, .repeated, as: .address),
      Field(4, "ttl", .uint32, .optional),
      Field(5, "tos", .uint32, .optional),
      Field(6, "pmtudisc", .bool, .optional),
      Field(7, "proto", .uint32, .optional),
      Field(8, "flags", .uint32, .optional),
      Field(9, "encap_type", .uint32, .optional),
      Field(10, "encap_flags", .uint32, .optional),
      Field(11, "encap_sport", .uint32, .optional),
      Field(12, "encap_dport", .uint32, .optional),
      Field(13, "rd_prefixlen", .uint32, .optional),
      Field(14, "rd_prefix", .uint32, .repeated, as: .address),
      Field(15, "relay_prefixlen", .uint32, .optional),
      Field(16, "relay_prefix", .uint32, .repeated, as: .address),
    ])

  /// `tunfile_entry` of tun.proto.
  public static let tunfileEntry = Schema(
    "tunfile_entry",
    [
      Field(1, "id", .uint32, .required),
      Field(2, "netdev", .string, .optional),
      Field(3, "detached", .bool, .optional),
      Field(4, "ns_id", .uint32, .optional),
    ])

  /// `tun_link_entry` of tun.proto.
  public static let tunLinkEntry = Schema(
    "tun_link_entry",
    [
      Field(1, "flags", .uint32, .required, as: .hex),
      Field(2, "owner", .int32, .required),
      Field(3, "group", .int32, .required),
      Field(4, "vnethdr", .uint32, .required),
      Field(5, "sndbuf", .uint32, .required),
    ])

  /// `sysctl_entry` of sysctl.proto.
  public static let sysctlEntry = Schema(
    "sysctl_entry",
    [
      Field(1, "type", .enumeration(.sysctlType), .required),
      Field(2, "iarg", .int32, .optional),
      Field(3, "sarg", .string, .optional),
    ])
}

extension Enumeration {
  /// `nd_type` of netdev.proto.
  public static let ndType = Enumeration(
    "nd_type",
    [
      ("LOOPBACK", 1),
      ("VETH", 2),
      ("TUN", 3),
      ("EXTLINK", 4),
      ("VENET", 5),
      ("BRIDGE", 6),
      ("MACVLAN", 7),
      ("SIT", 8),
    ])

  /// `SysctlType` of sysctl.proto.
  public static let sysctlType = Enumeration(
    "SysctlType",
    [
      ("CTL_STR", 5),
      ("CTL_32", 6),
    ])
}
