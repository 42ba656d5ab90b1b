#define _GNU_SOURCE
#include "CLinux.h"

#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>

#if defined(__x86_64__)

static long call(int request, int pid, void *address, void *data) {
  return ptrace((enum __ptrace_request)request, pid, address, data);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// Waits for the next stop of a tracee. Every stop comes with SIGCHLD, which this process blocks; the
// pauses between two looks are for callers that do not.
static int wait_stop(int pid, double deadline, int *status) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  struct timespec pause = {0, 5000000};
  while (true) {
    int found = waitpid(pid, status, __WALL | WNOHANG);
    if (found == pid) return WIFSTOPPED(*status) ? 0 : -ESRCH;
    if (found < 0 && errno != EINTR) return -errno;
    if (now() > deadline) return -ETIMEDOUT;
    sigtimedwait(&set, NULL, &pause);
  }
}

static bool is_trap(int status) { return status >> 16 == PTRACE_EVENT_STOP; }
static bool is_call(int status) { return status >> 8 == (SIGTRAP | 0x80); }

// Goes on from a stop until one of the wanted kind; 0 as request if there was no stop yet.
static int resume(int request, int pid, bool (*wanted)(int), double deadline) {
  long signal = 0;
  while (true) {
    int status;
    if (request != 0 && call(request, pid, NULL, (void *)signal) != 0) return -errno;
    int result = wait_stop(pid, deadline, &status);
    if (result != 0) return result;
    if (wanted(status)) return 0;
    // A signal that is just delivered is handed on: SIGSTOP above all, which cannot be blocked, and
    // after which the process stays stopped.
    signal = is_trap(status) || is_call(status) ? 0 : WSTOPSIG(status);
    if (request == 0) request = PTRACE_CONT;
  }
}

static int registers(int request, int pid, struct user_regs_struct *registers) {
  struct iovec vector = {registers, sizeof *registers};
  return call(request, pid, (void *)NT_PRSTATUS, &vector) == 0 ? 0 : -errno;
}

static int call_stopped(int pid, uint64_t instruction, long number, const uint64_t *arguments,
                        int64_t *value, double deadline) {
  struct user_regs_struct saved, changed;
  int result = registers(PTRACE_GETREGSET, pid, &saved);
  if (result != 0) return result;
  changed = saved;
  changed.rip = instruction;
  changed.rax = (uint64_t)number;
  changed.orig_rax = (uint64_t)-1;
  changed.rdi = arguments[0];
  changed.rsi = arguments[1];
  changed.rdx = arguments[2];
  changed.r10 = arguments[3];
  changed.r8 = arguments[4];
  changed.r9 = arguments[5];
  result = registers(PTRACE_SETREGSET, pid, &changed);
  if (result == 0) result = resume(PTRACE_SYSCALL, pid, is_call, deadline);
  if (result == 0) result = resume(PTRACE_SYSCALL, pid, is_call, deadline);
  if (result == 0) result = registers(PTRACE_GETREGSET, pid, &changed);
  if (result == 0) *value = (int64_t)changed.rax;
  // Back to a stop of the kind that it came from: there the kernel sees, when it goes on, that a
  // system call was interrupted, and starts that again.
  if (result == 0 && call(PTRACE_INTERRUPT, pid, NULL, NULL) != 0) result = -errno;
  if (result == 0) result = resume(PTRACE_CONT, pid, is_trap, deadline);
  int restored = registers(PTRACE_SETREGSET, pid, &saved);
  return result != 0 ? result : restored;
}

int clinux_call_in(int pid, uint64_t instruction, long number, const uint64_t *arguments,
                   int64_t *value) {
  double deadline = now() + 5;
  uint64_t all = ~(uint64_t)0, mask;
  if (call(PTRACE_SEIZE, pid, NULL, (void *)PTRACE_O_TRACESYSGOOD) != 0) return -errno;
  int result = call(PTRACE_INTERRUPT, pid, NULL, NULL) == 0 ? 0 : -errno;
  if (result == 0) result = resume(0, pid, is_trap, deadline);
  if (result == 0 && call(PTRACE_GETSIGMASK, pid, (void *)sizeof mask, &mask) != 0) result = -errno;
  if (result == 0 && call(PTRACE_SETSIGMASK, pid, (void *)sizeof all, &all) != 0) result = -errno;
  if (result == 0) {
    result = call_stopped(pid, instruction, number, arguments, value, deadline);
    if (call(PTRACE_SETSIGMASK, pid, (void *)sizeof mask, &mask) != 0 && result == 0) result = -errno;
  }
  call(PTRACE_DETACH, pid, NULL, NULL);
  return result;
}

#else

int clinux_call_in(int pid, uint64_t instruction, long number, const uint64_t *arguments,
                   int64_t *value) {
  (void)pid, (void)instruction, (void)number, (void)arguments, (void)value;
  return -ENOSYS;
}

#endif
