/// What CRIU answered to a request, and whether the caller gave up on the way.
struct Answer {
  /// The last `criu_resp`.
  var response = Message(.criuResp)
  /// Why the caller's handler gave up.
  var abortReason: String?
  /// Why this module told CRIU to give up: `.cancelled` or `.timedOut`.
  var stop: CRIUError.Code?

  /// Whether CRIU did what it was asked for.
  var isSuccess: Bool { response.flag("success") ?? false }

  /// Tells the handler of a notification, and makes the `criu_req` that answers it.
  mutating func reply(
    to response: Message, descriptor: Int32?, _ handler: Client.Handler
  ) -> Message {
    let notify = response.message("notify")
    let notification = Notification(
      script: notify?.text("script") ?? "",
      pid: notify?.number("pid").map { Int32(truncatingIfNeeded: $0) }, descriptor: descriptor)
    var message = Message(.criuReq)
    message.set("type", number: Request.Kind.notify.rawValue)
    switch handler(notification) {
    case .proceed: message.set("notify_success", flag: true)
    case .abort(let reason):
      abortReason = abortReason ?? reason
      message.set("notify_success", flag: false)
    case .external(let resources):
      var options = Message(.criuOpts)
      options.set("images_dir_fd", number: -1)
      options.set("external", texts: resources)
      message.set("opts", message: options)
      message.set("notify_success", flag: true)
    }
    return message
  }
}
