// swift-tools-version: 6.2
import PackageDescription

/// How every Swift target of Thaw is compiled; Documentation/architecture.md tells why.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// A Swift module in `Sources/<name>`.
func module(
  _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []
) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// The tests of a module, in `Tests/<name>Tests`.
func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: [.byName(name: name), "TestBed"] + dependencies,
    swiftSettings: strict)
}

let package = Package(
  name: "thaw",
  products: [
    .executable(name: "thaw", targets: ["thaw"]),
    .library(name: "CRIU", targets: ["CRIU"]),
  ],
  targets: [
    // From the kernel up: each module knows only those above it.
    .target(name: "CLinux"),
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    module("Linux", ["CLinux"]),
    module("CRIU", ["Linux"]),
    module("Memory", ["CRIU", "Linux", "CCrypto"]),
    module("Server", ["Memory", "Linux", "CYAML", "CCrypto"]),
    module("Checkpoint", ["Memory", "Linux", "CCrypto", "CZstd"]),
    module("Lifecycle", ["Checkpoint", "Server", "Memory", "CRIU", "Linux"]),
    module(
      "Images", ["Lifecycle", "Checkpoint", "Server", "Memory", "CRIU", "Linux"],
      resources: [.embedInCode("../../Images/seccomp.json")]),
    // Used by the commands only.
    module("Arguments"),
    module("Terminal", ["Linux"]),
    .executableTarget(
      name: "thaw",
      dependencies: [
        "Arguments", "Terminal", "Images", "Lifecycle", "Checkpoint", "Server", "Memory", "CRIU",
        "Linux",
      ],
      swiftSettings: strict),

    // What tests share: what this machine has, and scratch folders.
    .target(
      name: "TestBed", dependencies: ["Linux"], path: "Tests/TestBed", swiftSettings: strict),
    tests("Linux"),
    tests("CRIU", ["Linux"]),
    tests("Memory", ["CRIU", "Linux"]),
    tests("Server", ["Linux"]),
    tests("Checkpoint", ["Memory", "Linux"]),
    tests("Lifecycle", ["Checkpoint", "Server", "Memory", "CRIU", "Linux"]),
    tests("Images", ["Lifecycle", "Checkpoint", "Server", "Memory", "CRIU", "Linux"]),
    tests("Arguments", ["Linux"]),
    tests("Terminal", ["Linux"]),
    tests("thaw", ["Arguments", "Checkpoint", "Images", "Linux", "Memory", "Terminal"]),
    // The release executable, as its users meet it.
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "TestBed", "Checkpoint", "Images", "Lifecycle", "Server", "Memory", "CRIU", "Linux",
      ],
      swiftSettings: strict),
  ]
)
