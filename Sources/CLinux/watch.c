// System calls that somebody is told of: seccomp filters with a listener. The numbers that older
// headers lack are written out.
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LISTENER (1UL << 3)       // SECCOMP_FILTER_FLAG_NEW_LISTENER, Linux 5.0
#define SPECULATE (1UL << 2)      // ..._SPEC_ALLOW: the filter must not slow the program down
#define ONLY_KILLED (1UL << 5)    // ..._WAIT_KILLABLE_RECV, Linux 5.19
#define NOTIFY 0x7fc00000U        // SECCOMP_RET_USER_NOTIF
#define CONTINUE 1U               // SECCOMP_USER_NOTIF_FLAG_CONTINUE, Linux 5.5
#define SET_FLAGS SECCOMP_IOW(4, __u64)  // SECCOMP_IOCTL_NOTIF_SET_FLAGS, Linux 6.6
#define WAKE_HERE 1ULL            // SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP

// In x86_64's calls this bit marks those of x32, which have the same numbers here.
#define X32 0x40000000U

// Each architecture's numbers of madvise, mremap, brk, process_madvise: the order of CLINUX_CALL.
#define ARCHITECTURES(X)                \
  X(AUDIT_ARCH_X86_64, 28, 25, 12, 440) \
  X(AUDIT_ARCH_I386, 219, 163, 45, 440) \
  X(AUDIT_ARCH_AARCH64, 233, 216, 214, 440) \
  X(AUDIT_ARCH_ARM, 220, 163, 45, 440)

#define ROW(architecture, ...) {architecture, {__VA_ARGS__}},
static const struct {
  uint32_t architecture;
  uint32_t numbers[CLINUX_CALL_COUNT];
} tables[] = {ARCHITECTURES(ROW)};

// One block for each architecture; the accumulator holds the architecture until it is found.
#define FIELD(name) \
  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, name))
#define EQUALS(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)
#define BLOCK(architecture, a, b, c, d)                                                      \
  EQUALS(architecture, 0, 8), FIELD(nr), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, ~X32),          \
      EQUALS(a, 4, 0), EQUALS(b, 3, 0), EQUALS(c, 2, 0), EQUALS(d, 1, 0),                    \
      RETURN(SECCOMP_RET_ALLOW), RETURN(NOTIFY),

int clinux_watch_install(void) {
  struct sock_filter filter[] = {
      FIELD(arch),
      ARCHITECTURES(BLOCK)
      RETURN(SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  unsigned long flags = LISTENER | SPECULATE;
  long listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags | ONLY_KILLED, &program);
  if (listener < 0 && errno == EINVAL) {
    listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
  }
  if (listener < 0) return -errno;
  // Whoever asks and whoever answers take turns: on one processor that is faster. Old kernels cannot.
  ioctl((int)listener, SET_FLAGS, WAKE_HERE);
  return (int)listener;
}

static int kind(const struct seccomp_data *data) {
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
    if (tables[i].architecture != data->arch) continue;
    for (int kind = 0; kind < CLINUX_CALL_COUNT; kind++) {
      if (tables[i].numbers[kind] == ((uint32_t)data->nr & ~X32)) return kind;
    }
  }
  return CLINUX_CALL_COUNT;
}

int clinux_watch_receive(int listener, struct clinux_watched_call *call) {
  // Room for what later kernels add.
  union {
    struct seccomp_notif notification;
    char room[512];
  } u;
  for (;;) {
    struct pollfd one = {.fd = listener, .events = POLLIN};
    if (poll(&one, 1, -1) < 0) {
      if (errno == EINTR) continue;
      return -errno;
    }
    if (!(one.revents & POLLIN)) return 0;
    memset(&u, 0, sizeof u);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &u) == 0) break;
    // ENOENT: the thread was killed meanwhile.
    if (errno != EINTR && errno != ENOENT) return -errno;
  }
  call->id = u.notification.id;
  call->thread = (int)u.notification.pid;
  call->kind = kind(&u.notification.data);
  for (int i = 0; i < 6; i++) call->arguments[i] = u.notification.data.args[i];
  return 1;
}

int clinux_watch_answer(int listener, uint64_t id) {
  union {
    struct seccomp_notif_resp response;
    char room[512];
  } u;
  memset(&u, 0, sizeof u);
  u.response.id = id;
  u.response.flags = CONTINUE;
  while (ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &u) != 0) {
    if (errno == EINTR) continue;
    return errno == ENOENT ? 0 : -errno;  // ENOENT: the thread was killed meanwhile
  }
  return 0;
}

int clinux_in_process(int process, int thread) {
  return syscall(SYS_tgkill, process, thread, 0) == 0 || errno == EPERM;
}
