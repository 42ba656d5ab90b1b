import Linux
import TestBed
import Testing

/// The files in `Images/` for those who run an image, on real engines.
@Suite(.containerEngines, .serialized, .timeLimit(.minutes(5)))
struct EngineFilesTests {
  private static let images = EngineBed.checkout / "Images"

  /// What a server says of itself: the one capability, that of its program's file, under no_new_privs.
  private static func expectRights(
    _ answer: String?, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let words = (answer ?? "").split { $0.isWhitespace }.map(String.init)
    func value(_ name: String) -> String? {
      words.firstIndex(of: name).map { words[$0 + 1] }
    }
    #expect(value("Uid:") == "20000", "\(words)", sourceLocation: sourceLocation)
    #expect(value("CapPrm:") == "0000010000000000", "\(words)", sourceLocation: sourceLocation)
    #expect(value("CapBnd:") == "0000010000000000", "\(words)", sourceLocation: sourceLocation)
    #expect(value("NoNewPrivs:") == "1", "\(words)", sourceLocation: sourceLocation)
  }

  /// What an engine is told for a server to have one capability, and no way to more.
  private static let confined =
    "--cap-drop ALL --cap-add CHECKPOINT_RESTORE --security-opt no-new-privileges "
    + "--security-opt seccomp=\(images / "seccomp.json") --read-only"

  @Test(arguments: ["docker", "podman"])
  func `a server that is not root has its program's capability under no-new-privileges`(
    engine: String
  ) throws {
    let bed = try EngineBed()
    try bed.makeStandIn("hello:1")
    try bed.shell("\(engine) run -d --name hello \(Self.confined) -p 8090:8080 hello:1")
    Self.expectRights(try bed.get(port: 8090))
    try bed.shell("\(engine) stop hello")
    let status = try bed.shell("\(engine) inspect -f '{{.State.ExitCode}}' hello")
    #expect(status == "0\n")
  }

  @Test(arguments: ["docker", "podman"])
  func `a server starts without any capability, too`(engine: String) throws {
    let bed = try EngineBed()
    try bed.makeStandIn("hello:1")
    try bed.shell("\(engine) run -d --name hello --cap-drop ALL -p 8090:8080 hello:1")
    let answer = try bed.get(port: 8090)
    #expect(answer?.contains("CapPrm:\t0000000000000000") == true, "\(answer ?? "no answer")")
  }

  @Test func `containerd starts it with the capability, too`() throws {
    let bed = try EngineBed()
    try bed.makeStandIn("hello:1")
    let archive = bed.folder / "hello.tar"
    try bed.shell(
      """
      podman save -q --format oci-archive -o \(archive) localhost/hello:1
      ctr image import \(archive)
      ctr run -d --net-host --cap-add CAP_CHECKPOINT_RESTORE $(ctr image ls -q) hello
      """)
    let answer = try bed.get(port: 8080)
    // no_new_privs is its own default.
    for word in ["CapPrm:\t0000010000000000", "NoNewPrivs:\t1"] {
      #expect(answer?.contains(word) == true, "\(answer ?? "no answer")")
    }
  }

  @Test(
    .enabled(
      if: FileSystem.exists(validator),
      "needs kubernetes-validate of PyPI: Setup/kubernetes-validate.sh"))
  func `Kubernetes's file is as the API's schemas say`() throws {
    let file = (Self.images / "kubernetes.yaml").string
    let finished = try Spawn(Self.validator, ["--strict", file])
      .run(deadline: .after(.seconds(60)))
    let said = finished.text + finished.errorText
    #expect(finished.isSuccess, "\(said)")
    for kind in ["persistentvolumeclaim", "deployment", "service"] {
      #expect(said.contains("passed for resource \(kind)/xtdb"), "\(said)")
    }
  }

  private static let validator: Path = {
    let cache = Spawn.ownEnvironment()["THAW_CACHE"] ?? "/var/cache/thaw"
    return Path(cache) / "kubernetes-validate/bin/kubernetes-validate"
  }()

  @Test func `Compose's file is served healthy on its three ports`() throws {
    let bed = try EngineBed()
    try bed.makeStandIn()
    let compose = "docker compose -f \(Self.images / "compose.yaml")"
    try bed.shell("\(compose) config --quiet")
    try bed.shell("\(compose) up -d --wait")
    for port in [5432, 8080, 3000] { Self.expectRights(try bed.get(port: port)) }
    #expect(try bed.shell("docker volume ls -q") == "xtdb_data\n")
    try bed.shell("\(compose) down --volumes")
    #expect(try bed.shell("docker ps -aq; docker volume ls -q") == "")
  }

  @Test func `Kubernetes's file is served with volume, probes and security context`() throws {
    let bed = try EngineBed()
    try bed.makeStandIn()
    let file = Self.images / "kubernetes.yaml"
    // As the file says: where the kubelet looks for profiles.
    try bed.shell(
      """
      mkdir -p /var/lib/kubelet/seccomp
      cp \(Self.images / "seccomp.json") /var/lib/kubelet/seccomp/thaw.json
      podman kube play --publish 8080:8080 \(file)
      """)
    Self.expectRights(try bed.get(port: 8080))
    let said = try bed.shell(
      """
      podman healthcheck run xtdb-pod-server
      podman inspect -f '{{.State.Health.Status}} {{.HostConfig.Memory}}' xtdb-pod-server
      podman inspect -f '{{range .Mounts}}{{.Name}}:{{.Destination}} {{end}}' xtdb-pod-server
      jq -c '.root.readonly, .linux.seccomp.defaultAction' \
        $(podman inspect -f '{{.OCIConfigPath}}' xtdb-pod-server)
      """)
    #expect(
      said == """
        healthy 2147483648
        xtdb-data:/var/lib/xtdb 
        true
        "SCMP_ACT_ERRNO"

        """)
    try bed.shell("podman kube down --force \(file)")
    #expect(try bed.shell("podman ps -aq; podman volume ls -q") == "")
  }

  @Test func `what the systemd unit starts is served`() throws {
    let bed = try EngineBed()
    try bed.makeStandIn()
    try bed.shell(
      """
      install -D -m 644 \(Self.images / "seccomp.json") /usr/local/share/thaw/seccomp.json
      cp \(Self.images / "xtdb.service") /etc/systemd/system/
      systemd-analyze verify /etc/systemd/system/xtdb.service
      """)
    let unit = try FileSystem.readText(Self.images / "xtdb.service")
    let start = try #require(Self.command("ExecStart", in: unit))
    let stop = try #require(Self.command("ExecStop", in: unit))
    try bed.shell("\(start) >/tmp/log 2>&1 &")
    Self.expectRights(try bed.get(port: 8080))
    try bed.shell(stop)
    #expect(try bed.shell("docker ps -aq") == "")
  }

  @Test func `what podman makes of the quadlet is served`() throws {
    let bed = try EngineBed()
    try bed.makeStandIn()
    let unit = try bed.shell(
      """
      install -D -m 644 \(Self.images / "seccomp.json") /usr/local/share/thaw/seccomp.json
      install -D -m 644 \(Self.images / "xtdb.container") /etc/containers/systemd/xtdb.container
      /usr/libexec/podman/quadlet -dryrun 2>/dev/null
      """)
    #expect(!unit.contains("Unsupported"), "\(unit)")
    let start = try #require(Self.command("ExecStart", in: unit))
    let stop = try #require(Self.command("ExecStop", in: unit))
    // Groups below those of a unit are systemd's, which does not run here.
    try bed.shell(start.replacing("--cgroups=split ", with: ""))
    Self.expectRights(try bed.get(port: 8080))
    try bed.shell("podman healthcheck run xtdb")
    try bed.shell(stop)
    #expect(try bed.shell("podman ps -aq") == "")
  }

  /// The command line of a unit's setting.
  private static func command(_ name: String, in unit: String) -> String? {
    let lines = unit.replacing("\\\n", with: " ").split(separator: "\n")
    return lines.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
  }
}
