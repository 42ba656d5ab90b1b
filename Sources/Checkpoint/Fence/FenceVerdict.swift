/// Whether a volume is as a hibernated checkpoint left it: a pure function of facts.
package enum FenceVerdict: Sendable, Hashable {
  /// Nothing was ever frozen on this volume that is still there.
  case never
  /// It is: the checkpoint may be thawed on it.
  case same
  /// It is not, or cannot be shown to be.
  case other(String)

  /// What was found on a volume.
  package struct Findings: Sendable, Hashable {
    /// Its mark; nil: none, or one that cannot be read.
    package var mark: VolumeMark?
    /// Which folder it is.
    package var home: VolumeMark.Home
    /// What the checkpoint says of it; nil: it does not know the volume.
    package var frozen: FrozenVolume?
    /// The digest of the checkpoint's manifest.
    package var checkpoint: Digest?

    package init(
      mark: VolumeMark?, home: VolumeMark.Home, frozen: FrozenVolume?, checkpoint: Digest?
    ) {
      self.mark = mark
      self.home = home
      self.frozen = frozen
      self.checkpoint = checkpoint
    }
  }

  /// Judges what does not take a look at the files; these are looked at only if it is `.same`.
  package static func judge(_ found: Findings) -> FenceVerdict {
    guard let mark = found.mark else {
      return found.checkpoint == nil
        ? .never : .other("nothing says whether a server ran on the volume since it was hibernated")
    }
    guard let checkpoint = found.checkpoint else {
      return mark.state == .clean
        ? .other("the hibernated checkpoint is gone")
        : .other("the last server on the volume was not hibernated")
    }
    guard mark.state == .clean, let frozen = mark.frozen else {
      return .other("a server ran on the volume after it was hibernated")
    }
    guard frozen == checkpoint else {
      return .other("the volume was hibernated with another checkpoint")
    }
    guard let volume = found.frozen, volume.id == mark.id else {
      return .other("the checkpoint is of another volume")
    }
    guard volume.generation == mark.generation else {
      return .other(
        "the volume is of generation \(mark.generation), the checkpoint of \(volume.generation)")
    }
    guard mark.home == found.home, volume.home == found.home else {
      return .other("the volume is a copy or a snapshot of the one that was hibernated")
    }
    return .same
  }
}
