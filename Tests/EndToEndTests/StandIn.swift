import Linux
import TestBed
import Testing

/// A bundle whose CRIU goes between Thaw and the real one, and misbehaves.
struct StandIn {
  /// What it does.
  enum Fault: String {
    /// It says that it is CRIU 3.17.
    case old
    /// It never answers a request of that kind.
    case hangsAtVersion, hangsAtDump, hangsAtRestore
    /// It ends before it answers.
    case diesAtDump, diesAtRestore
    /// It kills the server, then dumps.
    case killsServer
    /// It waits for a second, then dumps.
    case slowAtDump
    /// It dumps, and ends before it says so: as happens when the server's end is that of CRIU's pid namespace.
    case losesAnswer
  }

  let path: Path

  /// Copies the bundle's CRIU into a folder, with a script in its loader's place; its tools stay where they are.
  init(_ fault: Fault, in folder: Path) throws {
    path = folder / "bundle"
    let bundle = Machine.bundle ?? ""
    try FileSystem.makeDirectory(path)
    try FileSystem.copyTree(from: bundle / "criu", to: path / "criu")
    try FileSystem.symbolicLink(at: path / "tools", to: bundle / "tools")
    // Another build than the one that dumped: Thaw asks only such a CRIU for its version.
    let program = path / "criu/criu"
    var bytes = try FileSystem.readFile(program)
    let id = try #require(try BuildID(of: program)).hexadecimal
    let place = try #require(
      (0..<4096).first { start in
        id
          == bytes[start..<start + id.count / 2]
          .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      })
    bytes[place] ^= 1
    try FileSystem.writeFile(program, bytes, mode: 0o755)
    let loader = path / "criu/lib/ld-linux-x86-64.so.2"
    try FileSystem.rename(loader, to: path / "criu/lib/real")
    let script = Self.script.replacing("FAULT", with: fault.rawValue)
    try FileSystem.writeFile(loader, Array(script.utf8), mode: 0o755)
  }

  /// The bundle without any CRIU.
  static func withoutCRIU(in folder: Path) throws -> Path {
    let path = folder / "bundle"
    try FileSystem.makeDirectory(path / "criu/lib", parents: true)
    try FileSystem.symbolicLink(at: path / "tools", to: (Machine.bundle ?? "") / "tools")
    return path
  }

  /// Looks at the request without taking it: field 1 of it is its kind (1 dump, 2 restore, 10 version).
  private static let script = #"""
    #!/usr/bin/perl
    use Socket; $^F = 255;
    my ($fault, $folder) = ('FAULT', $0 =~ m{(.*)/});
    open(my $s, '+<&=', $ARGV[-1]) or die; recv($s, my $packet, 65536, MSG_PEEK);
    my $kind = ord(substr($packet, 1, 1));
    if ($kind == 10 && $fault eq 'old') {
      recv($s, $packet, 65536, 0);
      send($s, "\x08\x0a\x10\x01\x52\x06\x08\x03\x10\x11\x20\x01", 0); exit 0;
    }
    my %at = (Dump => 1, Restore => 2, Version => 10);
    if ($fault =~ /^(hangs|dies)At(.*)/i && $at{$2} == $kind) {
      kill 'KILL', $$ if $1 eq 'dies';
      select(undef, undef, undef, 1000) while 1;
    }
    select(undef, undef, undef, 1) if $fault eq 'slowAtDump' && $kind == 1;
    if ($fault eq 'losesAnswer' && $kind == 1) {
      socketpair(my $near, my $far, AF_UNIX, SOCK_SEQPACKET, 0) or die;
      unless (fork) { $ARGV[-1] = fileno $far; exec "$folder/real", @ARGV }
      close $far;
      while (1) {
        my $ready = ''; vec($ready, fileno $_, 1) = 1 for $s, $near;
        select($ready, undef, undef, undef);
        for my $way ([$s, $near], [$near, $s]) {
          next unless vec($ready, fileno $way->[0], 1);
          recv($way->[0], my $more, 65536, 0); exit 0 if $more eq '';
          kill 'KILL', $$ if $way->[0] == $near && ord(substr($more, 1, 1)) != 6;
          send($way->[1], $more, 0);
        }
      }
    }
    if ($fault eq 'killsServer' && $kind == 1) {
      for my $file (glob '/proc/[0-9]*/cmdline') {
        open(my $f, '<', $file) or next; local $/; my $words = <$f> // '';
        my ($pid) = $file =~ /(\d+)/;
        kill 'KILL', $pid if $words =~ /server\.pl/;
      }
    }
    exec "$folder/real", @ARGV;
    """#
}
