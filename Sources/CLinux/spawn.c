// The child runs in its parent's memory, on a stack of its own, while the calling thread waits
// (CLONE_VFORK): it makes system calls and nothing else, and tells a failure through that memory.
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x00001000
#endif
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

enum { STACK_SIZE = 64 * 1024, LAST_SIGNAL = 64 };

struct child {
  const struct clinux_spawn *plan;
  uint64_t mask;
  int parent;
  int *moved;  // room for descriptor_count numbers
  volatile int step;
  volatile int error;
};

// The kernel's own layout, which the raw call takes.
struct kernel_sigaction {
  void *handler;
  unsigned long flags;
  void *restorer;
  uint64_t mask;
};

__attribute__((noreturn)) static void fail(struct child *c, int step) {
  c->error = errno;
  c->step = step;
  for (;;) syscall(SYS_exit_group, 127);
}

#define TRY(step, call) \
  if ((call) < 0) fail(c, step)

// A handler must not run in the child: it would run in the parent's memory.
static void default_signals(bool ignored_too) {
  for (int number = 1; number <= LAST_SIGNAL; number++) {
    struct kernel_sigaction action;
    if (syscall(SYS_rt_sigaction, number, NULL, &action, sizeof action.mask) != 0) continue;
    if (action.handler == (void *)SIG_DFL) continue;
    if (action.handler == (void *)SIG_IGN && !ignored_too) continue;
    memset(&action, 0, sizeof action);
    syscall(SYS_rt_sigaction, number, &action, NULL, sizeof action.mask);
  }
}

static void enter_time(struct child *c) {
  const char *text = c->plan->time_offsets;
  TRY(CLINUX_STEP_TIME, unshare(CLONE_NEWTIME));
  if (!text) return;
  int fd = open("/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC);
  TRY(CLINUX_STEP_TIME, fd);
  TRY(CLINUX_STEP_TIME, write(fd, text, strlen(text)));
  close(fd);
}

// The listener goes to the parent by a socket: pidfd_getfd would need the right to trace, and from
// here to execve none of the watched calls is made, so nobody has to answer yet.
static void be_watched(struct child *c) {
  if (c->plan->no_new_privileges) {
    TRY(CLINUX_STEP_NO_NEW_PRIVILEGES, prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  }
  int listener = clinux_watch_install();
  int result = listener;
  if (listener >= 0) result = clinux_send_descriptors(c->plan->watch_socket, "", 1, &listener, 1);
  if (result < 0) {
    errno = -result;
    fail(c, CLINUX_STEP_WATCH);
  }
  close(listener);
}

// Without CAP_SYS_ADMIN a filter needs no_new_privs, which ambient capabilities outlive.
static void be_blind(struct child *c) {
  TRY(CLINUX_STEP_NO_NEW_PRIVILEGES, prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  int result = clinux_blind_install();
  if (result < 0) {
    errno = -result;
    fail(c, CLINUX_STEP_BLIND);
  }
}

// Sources may be targets of others: all are moved above the highest target before any lands.
static void place_descriptors(struct child *c) {
  const struct clinux_spawn *p = c->plan;
  int count = p->descriptor_count;
  int above = count > 0 ? p->targets[count - 1] + 1 : 0;
  for (int i = 0; i < count; i++) {
    c->moved[i] = fcntl(p->sources[i], F_DUPFD_CLOEXEC, above);
    TRY(CLINUX_STEP_DUPLICATE, c->moved[i]);
  }
  for (int i = 0; i < count; i++) {
    TRY(CLINUX_STEP_DUPLICATE, dup2(c->moved[i], p->targets[i]));
  }
  unsigned first = 0;
  for (int i = 0; i <= count; i++) {
    unsigned last = i < count ? (unsigned)p->targets[i] - 1 : ~0U;
    if (i == count || (unsigned)p->targets[i] > first) {
      TRY(CLINUX_STEP_CLOSE, (int)syscall(SYS_close_range, first, last, 0));
    }
    if (i < count) first = (unsigned)p->targets[i] + 1;
  }
}

static void drop_bounding(struct child *c) {
  for (int capability = 0; capability < 64; capability++) {
    int has = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);
    if (has < 0) return;  // past the last one that the kernel knows
    if (!has || (c->plan->bounding >> capability & 1)) continue;
    TRY(CLINUX_STEP_BOUNDING, prctl(PR_CAPBSET_DROP, capability, 0, 0, 0));
  }
}

// Raw calls: glibc's would make every thread of the parent change its user.
static void change_user(struct child *c) {
  const struct clinux_spawn *p = c->plan;
  if (p->set_capabilities && p->user > 0) {
    TRY(CLINUX_STEP_KEEP, prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
  }
  if (p->group_count >= 0) {
    TRY(CLINUX_STEP_SETGROUPS, (int)syscall(SYS_setgroups, p->group_count, p->groups));
  }
  if (p->group >= 0) {
    uint32_t id = (uint32_t)p->group;
    TRY(CLINUX_STEP_SETRESGID, (int)syscall(SYS_setresgid, id, id, id));
  }
  if (p->user >= 0) {
    uint32_t id = (uint32_t)p->user;
    TRY(CLINUX_STEP_SETRESUID, (int)syscall(SYS_setresuid, id, id, id));
  }
}

static void set_capabilities(struct child *c) {
  uint64_t wanted = c->plan->capabilities;
  struct clinux_capabilities sets = {wanted, wanted, wanted};
  int result = clinux_capabilities_set(&sets);
  if (result < 0) {
    errno = -result;
    fail(c, CLINUX_STEP_CAPSET);
  }
  // Kernels before 4.3 have none; where they have, a leftover must go as well.
  TRY(CLINUX_STEP_AMBIENT, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
  for (int capability = 0; capability < 64; capability++) {
    if (!(wanted >> capability & 1)) continue;
    TRY(CLINUX_STEP_AMBIENT, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0));
  }
}

static int child_main(void *context) {
  struct child *c = context;
  const struct clinux_spawn *p = c->plan;
  default_signals(p->reset_signals);
  if (p->new_session) TRY(CLINUX_STEP_SESSION, setsid());
  if (p->process_group && !p->new_session) TRY(CLINUX_STEP_GROUP, setpgid(0, 0));
  if (p->namespaces & CLONE_NEWTIME) enter_time(c);
  if (p->watch_socket >= 0) be_watched(c);
  place_descriptors(c);
  if (p->controlling_terminal) TRY(CLINUX_STEP_TERMINAL, ioctl(0, TIOCSCTTY, 0));
  if (p->set_bounding) drop_bounding(c);
  change_user(c);
  if (p->set_capabilities) set_capabilities(c);
  if (p->no_new_privileges) {
    TRY(CLINUX_STEP_NO_NEW_PRIVILEGES, prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  }
  if (p->hides_filters) be_blind(c);
  // Not before: the kernel forgets it when the user or the capabilities change.
  if (p->death_signal) {
    TRY(CLINUX_STEP_DEATH_SIGNAL, prctl(PR_SET_PDEATHSIG, p->death_signal, 0, 0, 0));
    // The parent may be gone already. From another pid namespace it cannot be seen: the answer is
    // always 0.
    if (!((p->namespaces | p->entered) & CLONE_NEWPID) && getppid() != c->parent) {
      errno = ESRCH;
      fail(c, CLINUX_STEP_DEATH_SIGNAL);
    }
  }
  if (p->directory) TRY(CLINUX_STEP_DIRECTORY, chdir(p->directory));
  if (p->file_mode_mask >= 0) umask((mode_t)p->file_mode_mask);
  clinux_signal_mask(SIG_SETMASK, p->reset_signals ? 0 : c->mask, NULL);
  execve(p->path, p->arguments, p->environment);
  fail(c, CLINUX_STEP_EXECVE);
}

// Starts the child on a stack of its own and waits until it has become its program, or failed.
// Returns its pid, or -1 and errno.
static int clone_child(struct child *c, char *stack, int more_flags, int *pidfd) {
  // clone rather than clone3: it can do all that is needed here, and Docker's seccomp profile hides
  // clone3. CLONE_NEWTIME is no flag of clone; the child unshares it, and execve enters it.
  int flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD | more_flags |
              (c->plan->namespaces & ~CLONE_NEWTIME);
  return clone(child_main, stack + STACK_SIZE, flags, c, pidfd, NULL, NULL);
}

// What the process between parent and child tells, in memory that it shares with the parent.
struct between {
  struct child *child;
  char *stack;
  int pid;
  int pidfd;
  int step;
  int error;
};

// Enters namespaces for the child, which becomes the caller's: a time namespace can only be entered
// by a process with one thread and memory of its own, and a pid namespace only by being born in it.
static int between_main(void *context) {
  struct between *b = context;
  struct child *c = b->child;
  if (setns(c->plan->entered_process, c->plan->entered) < 0) {
    b->step = CLINUX_STEP_ENTER;
    b->error = errno;
  } else {
    b->step = CLINUX_STEP_CLONE;
    b->pid = clone_child(c, b->stack, CLONE_PARENT, &b->pidfd);
    b->error = errno;
    if (b->pid >= 0) {
      b->step = c->step;
      b->error = c->error;
    }
  }
  for (;;) syscall(SYS_exit_group, 0);
}

// As clone_child, by way of a process that goes into other namespaces. Sets the child's step and
// error; a child that failed is left to be reaped.
static int clone_between(struct child *c, char *stack, int *pidfd) {
  size_t size = STACK_SIZE + sizeof(struct between);
  char *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return -1;
  struct between *b = (struct between *)(shared + STACK_SIZE);
  b->child = c;
  b->stack = stack;
  b->pid = b->pidfd = -1;
  // CLONE_FILES: the child's pidfd comes into the caller's table. The signal is that of the child,
  // too, because of CLONE_PARENT.
  int pid = clone(between_main, shared + STACK_SIZE, CLONE_VFORK | CLONE_FILES | SIGCHLD, b);
  int error = errno;
  if (pid >= 0) {
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) continue;
    pid = b->pid;
    *pidfd = b->pidfd;
    error = b->error;
    c->step = b->step;
    c->error = b->error;
  }
  munmap(shared, size);
  errno = error;
  return pid;
}

int clinux_spawn(const struct clinux_spawn *plan, struct clinux_spawned *result) {
  int moved[plan->descriptor_count + 1];
  struct child c = {.plan = plan, .parent = getpid(), .moved = moved};
  result->pid = result->pidfd = -1;
  result->step = CLINUX_STEP_CLONE;
  char *stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) return -errno;
  // A child that changes its user marks the memory, which is the parent's, as not to be inspected.
  int dumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
  clinux_signal_mask(SIG_SETMASK, ~0ULL, &c.mask);
  int pidfd = -1;
  int pid = plan->entered_process < 0 ? clone_child(&c, stack, 0, &pidfd)
                                      : clone_between(&c, stack, &pidfd);
  int error = pid < 0 ? errno : 0;
  clinux_signal_mask(SIG_SETMASK, c.mask, NULL);
  if (dumpable == 1 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 1) {
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
  }
  munmap(stack, STACK_SIZE);
  if (pid < 0) {
    if (c.step != CLINUX_STEP_NONE) result->step = c.step;
    return -error;
  }
  if (c.step != CLINUX_STEP_NONE) {
    // Another thread may have reaped it; then there is nothing left to do.
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) continue;
    close(pidfd);
    result->step = c.step;
    return -c.error;
  }
  result->pid = pid;
  result->pidfd = pidfd;
  result->step = CLINUX_STEP_NONE;
  return 0;
}

struct last_pid {
  int process;
  const char *text;
  char *stack;
};

static int write_last_pid(void *context) {
  struct last_pid *l = context;
  int fd = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);
  size_t length = strlen(l->text);
  int result = fd >= 0 && write(fd, l->text, length) == (ssize_t)length ? 0 : errno;
  syscall(SYS_exit_group, result);
  return 0;
}

// The file stands for the namespace of whoever writes it: only a child that is born there will do.
static int enter_and_write(void *context) {
  struct last_pid *l = context;
  int result = EIO, status;
  if (setns(l->process, CLONE_NEWPID) < 0) {
    result = errno;
  } else {
    int pid = clone(write_last_pid, l->stack, CLONE_VM | CLONE_VFORK | SIGCHLD, l);
    if (pid < 0) result = errno;
    else if (waitpid(pid, &status, 0) == pid && WIFEXITED(status)) result = WEXITSTATUS(status);
  }
  syscall(SYS_exit_group, result);
  return 0;
}

int clinux_set_last_pid(int process, const char *text) {
  char *stacks = mmap(NULL, 2 * STACK_SIZE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (stacks == MAP_FAILED) return -errno;
  struct last_pid l = {process, text, stacks + STACK_SIZE};
  uint64_t mask;
  clinux_signal_mask(SIG_SETMASK, ~0ULL, &mask);
  int pid = clone(enter_and_write, stacks + 2 * STACK_SIZE, CLONE_VFORK | SIGCHLD, &l);
  int result = pid < 0 ? -errno : -ECHILD, status, found;
  if (pid >= 0) {
    while ((found = waitpid(pid, &status, 0)) < 0 && errno == EINTR) continue;
    if (found == pid && WIFEXITED(status)) result = -WEXITSTATUS(status);
  }
  clinux_signal_mask(SIG_SETMASK, mask, NULL);
  munmap(stacks, 2 * STACK_SIZE);
  return result;
}
