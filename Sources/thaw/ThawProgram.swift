import Arguments

/// All verbs and what they have in common.
let program = Program(
  "thaw", version: "0.1.0", summary: "Start slow servers in milliseconds.",
  discussion: """
    Thaw warms a server up once, freezes the running process into a checkpoint, and thaws that \
    checkpoint whenever the server is needed. Where a thaw would not be safe, the server is \
    started cold, and the reason is said.
    """,
  options: Globals.all,
  groups: [
    .init(
      "Freeze and thaw",
      [
        FreezeVerb.command, RunVerb.command, RestoreVerb.command, ExplainVerb.command,
        CloneVerb.command,
      ]),
    .init("Servers", [PsVerb.command, LogsVerb.command, HibernateVerb.command, StopVerb.command]),
    .init(
      "Checkpoints",
      [
        LsVerb.command, InspectVerb.command, CompactVerb.command, TrainVerb.command,
        RefreshVerb.command,
        SaveVerb.command, LoadVerb.command, ExportVerb.command, ImportVerb.command,
        CritVerb.command,
        BuildVerb.command, RmVerb.command, PruneVerb.command,
      ]),
    .init("This machine", [DoctorVerb.command, BenchVerb.command]),
    .init("Inside of containers", [InitVerb.command, HelloVerb.command]),
  ],
  examples: [
    .init("thaw freeze --recipe ledger", "Freezes the server of the recipe `ledger`."),
    .init("thaw run -d ledger", "Thaws it; it answers at once."),
    .init("thaw doctor", "Says what this machine lacks, and how to get it."),
  ],
  exitCodes: [],
  environment: [
    .init("THAW_ROOT", "The default of --root."),
    .init("THAW_BUNDLE", "The folder with CRIU, runc, skopeo and umoci."),
    .init("THAW_CRIU_LOG", "How much CRIU logs at a thaw, 1 to 4; 1 unless told."),
    .init("THAW_CRIU_TIMEOUT", "How long CRIU may take, such as 2m, before it is killed."),
  ])
