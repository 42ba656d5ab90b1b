#!/usr/bin/env python3
"""Writes Sources/CRIU/Schema/*.swift from the compiled descriptors of Debian's python3-pycriu.

Run it where that package is installed (a forky tree made by mmdebstrap will do):

    python3 criu-schema.py --output FOLDER

The package also knows the magic numbers, which message each image holds, and how the fields
are shown to people; all of it ends up in the Swift tables.
"""
import argparse
import importlib
import os
import re
import sys

import pycriu
from google.protobuf.descriptor import FieldDescriptor as FD

PACKAGE = os.path.dirname(pycriu.__file__)
sys.path[:0] = [os.path.join(PACKAGE, "images"), PACKAGE]
import opts_pb2  # noqa: E402
from pycriu.images import images, magic  # noqa: E402

# Which .proto files share a Swift file.
TOPICS = {
    "RPC": ["rpc"],
    "Inventory": ["inventory", "stats", "cpuinfo", "img_streamer", "cgroup", "pstree"],
    "Memory": ["mm", "vma", "pagemap", "memfd", "ipc_desc", "ipc_msg", "ipc_sem", "ipc_shm",
               "ipc_var", "bpfmap_data", "bpfmap_file"],
    "Core": ["core", "rseq", "seccomp", "apparmor"],
    "Tasks": ["creds", "sa", "siginfo", "timer", "time", "rlimit"],
    "X86": ["core_x86"],
    "ARM": ["core_aarch64", "core_arm"],
    "OtherProcessors": ["core_loongarch64", "core_mips", "core_ppc64"],
    "MoreProcessors": ["core_riscv64", "core_s390"],
    "Files": ["fdinfo", "regfile", "fs", "fown", "fh", "ghost_file", "remap_file_path",
              "file_lock", "ext_file", "pipe", "pipe_data", "fifo"],
    "SpecialFiles": ["eventfd", "eventpoll", "signalfd", "timerfd", "pidfd", "fsnotify", "tty"],
    "Sockets": ["sk_inet", "sk_netlink", "sk_opts", "sk_packet", "sk_unix", "packet_sock",
                "tcp_stream"],
    "Network": ["netdev", "macvlan", "sit", "tun", "sysctl"],
    "Namespaces": ["ns", "userns", "utsns", "pidns", "timens", "mnt", "autofs", "binfmt_misc"],
}

KINDS = {
    FD.TYPE_INT32: ".int32", FD.TYPE_INT64: ".int64", FD.TYPE_UINT32: ".uint32",
    FD.TYPE_UINT64: ".uint64", FD.TYPE_SINT32: ".sint32", FD.TYPE_SINT64: ".sint64",
    FD.TYPE_FIXED32: ".fixed32", FD.TYPE_FIXED64: ".fixed64", FD.TYPE_SFIXED32: ".sfixed32",
    FD.TYPE_SFIXED64: ".sfixed64", FD.TYPE_BOOL: ".bool", FD.TYPE_STRING: ".string",
    FD.TYPE_BYTES: ".bytes",
}
LABELS = {FD.LABEL_REQUIRED: ".required", FD.LABEL_OPTIONAL: ".optional",
          FD.LABEL_REPEATED: ".repeated"}
EXTRAS = {
    "pipes_data_extra_handler": ".bytes(\"bytes\")",
    "sk_queues_extra_handler": ".bytes(\"length\")",
    "tcp_stream_extra_handler": ".queues",
    "bpfmap_data_extra_handler": ".bytes(\"keys_bytes\", \"values_bytes\")",
    "ipc_sem_set_handler": ".semaphores",
    "ipc_msg_queue_handler": ".messages",
    "ipc_shm_handler": ".segment",
}
# Images that have a magic number but that pycriu has no handler for.
UNHANDLED = {"SIGNAL": "siginfo_entry", "BINFMT_MISC": "binfmt_misc_entry",
             "PIDFD": "pidfd_entry"}
# File names (criu/image-desc.c) that do not follow from the type's name: without ".img".
FILES = {
    "FDINFO": "fdinfo-%u", "PAGEMAP": "pagemap-%u", "CORE": "core-%u", "IDS": "ids-%u",
    "VMAS": "vmas-%u", "SIGACT": "sigacts-%u", "ITIMERS": "itimers-%u",
    "POSIX_TIMERS": "posix-timers-%u", "UTSNS": "utsns-%u", "CREDS": "creds-%u",
    "IPC_VAR": "ipcns-var-%u", "IPCNS_SHM": "ipcns-shm-%u", "IPCNS_MSG": "ipcns-msg-%u",
    "IPCNS_SEM": "ipcns-sem-%u", "FS": "fs-%u", "MM": "mm-%u", "GHOST_FILE": "ghost-file-%x",
    "TCP_STREAM": "tcp-stream-%x", "EVENTFD_FILE": "eventfd", "EVENTPOLL_FILE": "eventpoll",
    "INOTIFY_FILE": "inotify", "FANOTIFY_FILE": "fanotify", "MNTS": "mountpoints-%u",
    "NETDEV": "netdev-%u", "NETNS": "netns-%u", "TTY_FILES": "tty", "FILE_LOCKS": "filelocks",
    "RLIMIT": "rlimit-%u", "SIGNAL": "signal-s-%u", "NETLINK_SK": "netlinksk",
    "USERNS": "userns-%u", "AUTOFS": "autofs-%u", "MEMFD_INODE": "memfd", "TIMENS": "timens-%u",
    "PIDNS": "pidns-%u", "STATS": "stats-dump",
}
NOT_IMAGES = {"CRTOOLS_IMAGES_V1_1", "IMG_COMMON", "IMG_SERVICE", "KDAT"}
SERVICE = {"STATS", "IRMAP_CACHE"}
HEADER = """// Written by Setup/criu-schema.py from CRIU {version}'s descriptors; do not edit.
"""


def camel(name):
    parts = re.split(r"[_.]", name)
    if not any(part.isupper() for part in parts):
        parts = re.split(r"_", re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", "_".join(parts)))
    parts = [part.lower() for part in parts if part]
    return parts[0] + "".join(part[:1].upper() + part[1:] for part in parts[1:])


def presentation(field):
    option = field.GetOptions().Extensions[opts_pb2.criu]
    if option.ipadd:
        return ".address"
    if option.hex:
        return ".hex"
    if option.dev:
        return ".oldDevice" if option.odev else ".device"
    if option.flags:
        return ".flags(.%s)" % camel(option.flags)
    if option.dict:
        return ".names(.%s)" % camel(option.dict + "_" + field.name)
    if option.conv:
        return ".quotedPrintable"
    return None


def kind(field):
    if field.type == FD.TYPE_MESSAGE:
        if field.message_type is field.containing_type:
            return ".itself"
        return ".message(.%s)" % camel(field.message_type.full_name)
    if field.type == FD.TYPE_ENUM:
        return ".enumeration(.%s)" % camel(field.enum_type.full_name)
    return KINDS[field.type]


def field_line(field):
    words = [str(field.number), '"%s"' % field.name, kind(field), LABELS[field.label]]
    shown = presentation(field)
    if shown:
        words.append("as: " + shown)
    if field.label == FD.LABEL_REPEATED and field.GetOptions().packed:
        words.append("packed: true")
    return "      Field(%s)," % ", ".join(words)


def without_single_comma(lines):
    """swift format wants a comma after the last element, unless it is the only one."""
    return lines if len(lines) > 1 else [line[:-1] for line in lines]


def message_lines(message, proto):
    yield "  /// `%s` of %s.proto." % (message.full_name, proto)
    yield "  public static let %s = Schema(" % camel(message.full_name)
    fields = sorted(message.fields, key=lambda field: field.number)
    if not fields:
        yield '    "%s", [])' % message.full_name
        return
    yield '    "%s",' % message.full_name
    yield "    ["
    yield from without_single_comma([field_line(field) for field in fields])
    yield "    ])"


def enum_lines(enum, proto):
    yield "  /// `%s` of %s.proto." % (enum.full_name, proto)
    yield "  public static let %s = Enumeration(" % camel(enum.full_name)
    yield '    "%s",' % enum.full_name
    yield "    ["
    yield from without_single_comma(
        ['      ("%s", %d),' % (value.name, value.number) for value in enum.values])
    yield "    ])"


def messages_of(descriptor):
    for message in descriptor.message_types_by_name.values():
        yield message
        yield from message.nested_types


def enums_of(descriptor):
    yield from descriptor.enum_types_by_name.values()
    for message in messages_of(descriptor):
        yield from message.enum_types


def topic_text(topic, protos, descriptors):
    messages = [(m, p) for p in protos for m in messages_of(descriptors[p])]
    enums = [(e, p) for p in protos for e in enums_of(descriptors[p])]
    lines = ["extension Schema {",
             "  /// The messages of this file, for those who look one up by its name.",
             "  static var %sMessages: [Schema] {" % camel(topic[:1].lower() + topic[1:]),
             "    ["]
    lines += ["      .%s," % camel(m.full_name) for m, _ in messages]
    lines += ["    ]", "  }"]
    for message, proto in messages:
        lines += [""] + list(message_lines(message, proto))
    lines.append("}")
    if enums:
        lines += ["", "extension Enumeration {"]
        for index, (enum, proto) in enumerate(enums):
            lines += ([""] if index else []) + list(enum_lines(enum, proto))
        lines.append("}")
    return "\n".join(lines) + "\n"


def layout(name, handler):
    if name == "PAGEMAP":
        return ".pagemapHead", ".none", ".pages"
    if name == "GHOST_FILE":
        return ".ghostFileEntry", ".none", ".ghost"
    if handler is None:
        return "." + camel(UNHANDLED[name]), ".none", ".entries"
    extra = ".none"
    if handler.extra_handler:
        extra = EXTRAS[type(handler.extra_handler).__name__]
    return "." + camel(handler.payload.DESCRIPTOR.full_name), extra, ".entries"


def image_names():
    names = [name for name in magic.by_name if name not in NOT_IMAGES]
    return [name for name in names if name in images.handlers or name in UNHANDLED]


def types_text():
    lines = ["extension ImageType {"]
    for name in image_names():
        schema, extra, shape = layout(name, images.handlers.get(name))
        file = FILES.get(name, name.lower().replace("_", "-"))
        words = ['"%s"' % name, "0x%08x" % magic.by_name[name], schema, 'file: "%s"' % file]
        if extra != ".none":
            words.append("extra: " + extra)
        if shape != ".entries":
            words.append("layout: " + shape)
        if name in SERVICE:
            words.append("isService: true")
        split = len(words) if len(", ".join(words)) < 95 else 4
        lines += ["  /// `%s`." % name,
                  "  public static let %s = ImageType(" % camel(name.lower()),
                  ",\n    ".join(["    " + ", ".join(words[:split])]
                                 + [word for word in [", ".join(words[split:])] if word]) + ")"]
    return "\n".join(lines + ["}"]) + "\n"


def magic_text():
    names = image_names()
    lines = ["extension ImageType: CaseIterable {",
             "  /// Every kind of image that has a magic number.",
             "  public static var allCases: [ImageType] {", "    ["]
    lines += ["      .%s," % camel(name.lower()) for name in names]
    lines += ["    ]", "  }", "",
              "  /// The kind of image that a file's magic number tells, `nil` for a strange one.",
              "  public init?(magic: UInt32) {", "    switch magic {"]
    lines += ["    case 0x%08x: self = .%s" % (magic.by_name[name], camel(name.lower()))
              for name in names]
    lines += ["    default: return nil", "    }", "  }", "}"]
    return "\n".join(lines) + "\n"


def flag_tables_text():
    from pycriu.images import pb2dict
    lines = ["extension FlagNames {"]
    for index, (name, pairs) in enumerate(pb2dict.flags_maps.items()):
        lines += ([""] if index else []) + ["  /// How `%s` bits are shown." % name,
                  "  static let %s = FlagNames([" % camel(name)]
        lines += ['    ("%s", 0x%x),' % pair for pair in pairs if pair[1]]
        lines.append("  ])")
    lines += ["}", "", "extension Enumeration {"]
    first = True
    for group, (tables, _) in pb2dict.dict_maps.items():
        for name, pairs in tables.items():
            lines += [] if first else [""]
            lines += ["  /// How numbers of a field `%s` are shown." % name,
                      "  static let %s = Enumeration(" % camel(group + "_" + name),
                      '    "%s.%s",' % (group, name), "    ["]
            lines += ['      ("%s", %d),' % (text, number) for number, text in pairs.items()]
            lines.append("    ])")
            first = False
    lines.append("}")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", required=True)
    output = parser.parse_args().output
    protos = {name[:-len("_pb2.py")] for folder in (PACKAGE, os.path.join(PACKAGE, "images"))
              for name in os.listdir(folder) if name.endswith("_pb2.py")} - {"opts"}
    missing = protos - {name for names in TOPICS.values() for name in names}
    if missing:
        sys.exit("these .proto files have no topic yet: " + ", ".join(sorted(missing)))
    descriptors = {name: importlib.import_module(name + "_pb2").DESCRIPTOR for name in protos}
    texts = {"Schema+%s.swift" % topic: topic_text(topic, names, descriptors)
             for topic, names in TOPICS.items()}
    texts["ImageType+Table.swift"] = types_text()
    texts["ImageType+Magic.swift"] = magic_text()
    texts["FlagNames+Tables.swift"] = flag_tables_text()
    lists = ["%sMessages" % camel(topic[:1].lower() + topic[1:]) for topic in TOPICS]
    texts["Schema+All.swift"] = (
        "extension Schema {\n  /// Every message that CRIU's images and its RPC are made of.\n"
        "  public static var all: [Schema] {\n    [\n"
        + "".join("      %s,\n" % name for name in lists)
        + "    ].flatMap { $0 }\n  }\n}\n")
    for name, text in texts.items():
        with open(os.path.join(output, name), "w") as file:
            file.write(HEADER.format(version=pycriu.__version__) + text)


if __name__ == "__main__":
    main()
