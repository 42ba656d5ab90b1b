import Checkpoint
import Lifecycle
import Linux
import Server
import TestBed
import Testing

/// `thaw init` with fewer rights than it should have: a cold start with that reason, never none.
@Suite(.engine, .serialized, .timeLimit(.minutes(5)))
struct InitTests {
  /// What is wrong where PID 1 runs, as a shell script that ends in `exec "$@"`.
  struct Place: CustomTestStringConvertible {
    let testDescription: String
    let script: String
    /// What PID 1 says.
    let says: String
  }

  static let places = [
    Place(testDescription: "with all rights", script: #"exec "$@""#, says: "hot: thawed"),
    Place(
      testDescription: "without a capability",
      script: #"exec setpriv --inh-caps=-all --bounding-set=-all -- "$@""#,
      says: "cold: capability: missing, the checkpoint needs CAP_CHECKPOINT_RESTORE"),
    Place(
      testDescription: "without clone3", script: #"exec perl "$FILTER" "$@""#,
      says: "cold: seccomp: hidden, the checkpoint needs the system call clone3"),
    Place(
      testDescription: "with a pid taken",
      script: #"echo 1000 > /proc/sys/kernel/ns_last_pid; sleep 1000 & exec "$@""#,
      says: "Can't fork for 1001: File exists"),
  ]

  /// Installs a seccomp filter under which `clone3` is not there, as Docker's default does.
  private static let filter = """
    my @filter = ([0x20, 0, 0, 0], [0x15, 0, 1, 435], [0x06, 0, 0, 0x50026], [0x06, 0, 0, 0x7fff0000]);
    my $code = join '', map { pack 'SCCL', @$_ } @filter;
    my $program = pack 'SxxxxxxP', scalar @filter, $code;
    syscall(157, 38, 1, 0, 0, 0) == 0 or die "no_new_privs: $!";
    syscall(317, 1, 0, $program) == 0 or die "seccomp: $!";
    exec @ARGV or die;
    """

  @Test(arguments: places)
  func `a place that lacks something starts the server all the same`(place: Place) throws {
    let bed = try Bed()
    try bed.freeze()
    let checkpoint = try Checkpoint.read(try bed.checkpoint())
    let recipe = try JSONText.decode(
      Recipe.self, from: try FileSystem.readFile(checkpoint.recipe))
    var plan = InitPlan(task: .start, recipe: recipe, program: checkpoint.manifest.program)
    plan.candidates = [.init(checkpoint.path)]
    plan.bundle = Machine.bundle
    let file = bed.folder / "plan.json"
    try FileSystem.writeFile(file, try JSONText.encode(plan))
    let filter = bed.folder / "filter.pl"
    try FileSystem.writeFile(filter, Array(Self.filter.utf8))

    let spawn = bed.spawn(
      ["unshare", "--pid", "--mount", "--fork", "--mount-proc", "sh", "-c", place.script, "sh"]
        + [Needs.executable?.string ?? "", "init", "--plan", file.string],
      environment: ["FILTER": filter.string])
    let process = try Started(spawn, in: bed.folder.path, name: "init")
    try process.waitFor(place.says)
    #expect(process.errorText.contains(place.says), "\(process.errorText)")
    let isUp = try eventually { try bed.get("/memory") != nil }
    #expect(isUp, "\(process.errorText)")
    _ = try bed.run("pkill", "-KILL", "-f", "init --plan")
    _ = try process.wait()
    try bed.expectNothingIsLeft(checkpoints: 1)
  }
}
