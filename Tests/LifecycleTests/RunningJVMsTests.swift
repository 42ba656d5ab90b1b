import Testing

@testable import Lifecycle

@Suite struct RunningJVMsTests {
  @Test(arguments: [
    "Current compiles: \n\nC1 compile queue:\nEmpty\n\nC2 compile queue:\nEmpty\n\n",
    "Current compiles: \r\n\r\nC1 compile queue:\r\nEmpty\r\n", "",
  ])
  func `compilers with nothing to do are told from their queue`(queue: String) {
    #expect(RunningJVMs.isEmpty(queue))
  }

  @Test(arguments: [
    """
    Current compiles:
    C2 CompilerThread0  7132   !   4       org.h2.mvstore.MVMap::operate (855 bytes)

    C1 compile queue:
    Empty

    """,
    """
    Current compiles:

    C1 compile queue:
    Empty

    C2 compile queue:
    7131       4       org.h2.mvstore.MVMap$IntValueHolder::<init> (5 bytes)

    """,
  ])
  func `a method that waits or is compiled is work to do`(queue: String) {
    #expect(!RunningJVMs.isEmpty(queue))
  }
}
