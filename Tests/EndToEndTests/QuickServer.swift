import Linux

/// A server that starts in a few milliseconds: Perl, which every Debian has.
enum QuickServer {
  /// Its port, unless told.
  static let port = 8080

  /// A server that answers HTTP and that words such as `data=/folder` steer.
  ///
  /// `port`; `data`, a folder in which it notes its starts; `die-if`, a file upon which it ends with status 9; `slow`, it
  /// listens after that many seconds; `silent`, it never listens; `stop`, it ends with status 3 upon SIGUSR1. Asked for
  /// `/confine` it takes a seccomp filter, for `/leave` it starts a process that leaves its tree, for `/take/N` it takes N
  /// MiB of memory.
  static let source = #"""
    use strict; use Socket; $| = 1;
    my %o = map { my ($k, $v) = split /=/, $_, 2; ($k, $v // 1) } @ARGV;
    my ($port, $data, $count) = ($o{port} // 8080, $o{data}, 0);
    $SIG{USR1} = sub { print "told to stop\n"; exit 3 } if $o{stop};
    if ($data) { mkdir $data; note("starts", "start"); }
    print "starting\n";
    select(undef, undef, undef, $o{slow}) if $o{slow};
    if ($o{silent}) { select(undef, undef, undef, 1000) while 1 }
    socket(my $s, PF_INET, SOCK_STREAM, 0) or die;
    setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);
    bind($s, sockaddr_in($port, INADDR_ANY)) or die "bind: $!";
    listen($s, 16);
    print "listening on $port\n";
    while (1) {
      exit 9 if $o{"die-if"} && -e $o{"die-if"};
      my $ready = ''; vec($ready, fileno($s), 1) = 1;
      next unless select($ready, undef, undef, $o{"die-if"} ? 0.005 : undef) > 0;
      accept(my $c, $s) or next;
      exit 9 if $o{"die-if"} && -e $o{"die-if"};
      my $line = <$c>; while (my $l = <$c>) { last if $l =~ /^\r?$/ }
      next unless defined $line && $line =~ m{^GET (\S+)};
      my ($path, $body) = ($1, '');
      $count++;
      if ($path =~ m{^/exit/(\d+)}) { print "ending\n"; exit $1 }
      if ($path =~ m{^/take/(\d+)$}) { $o{taken} .= "x" x ($1 << 20) }
      if ($path =~ m{^/note/(.*)}) { note("notes", $1) }
      if ($path =~ m{^/(notes|starts)$}) { $body = text($1) }
      elsif ($path eq '/memory') { $body = "$count" }
      elsif ($path eq '/confine') { $body = confine() }
      elsif ($path eq '/leave') { leave() }
      elsif ($path =~ m{^/environment/(.*)}) { $body = $ENV{$1} // '' }
      print $c "HTTP/1.0 200 OK\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
      close $c;
      print "answered $path\n";
    }
    # A seccomp filter that allows everything: prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ...).
    sub confine {
      my $rule = pack 'SCCL', 6, 0, 0, 0x7fff0000;
      syscall(157, 22, 2, pack('S x6 P', 1, $rule), 0, 0) == 0 ? 'confined' : "$!"
    }
    # A process that loses its parent.
    sub leave {
      my $pid = fork; return waitpid $pid, 0 if $pid;
      exit 0 if fork;
      exec 'sleep', '1000'
    }
    sub note { open(my $f, '>>', "$data/$_[0]") or die; print $f "$_[1]\n"; close $f }
    sub text { open(my $f, '<', "$data/$_[0]") or return ''; local $/; <$f> }
    """#

  /// Asks a server of this kind and prints the answer; ends with 1 if there is none.
  static let client = #"""
    use Socket; my ($host, $port, $path) = @ARGV; alarm 10;
    socket(my $s, PF_INET, SOCK_STREAM, 0) or exit 1;
    connect($s, sockaddr_in($port, inet_aton($host))) or exit 1;
    send($s, "GET $path HTTP/1.0\r\n\r\n", 0);
    local $/; my $text = <$s>; exit 1 unless $text =~ s/^.*?\r\n\r\n//s; print $text;
    """#
}
