// Written by Setup/criu-schema.py from CRIU 4.2.1's descriptors; do not edit.
extension Schema {
  /// Every message that CRIU's images and its RPC are made of.
  public static var all: [Schema] {
    [
      rPcMessages,
      inventoryMessages,
      memoryMessages,
      coreMessages,
      tasksMessages,
      x86Messages,
      aRmMessages,
      otherProcessorsMessages,
      moreProcessorsMessages,
      filesMessages,
      specialFilesMessages,
      socketsMessages,
      networkMessages,
      namespacesMessages,
    ].flatMap { $0 }
  }
}
