#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static struct timespec *timeout(int64_t nanoseconds, struct timespec *out) {
  if (nanoseconds < 0) return NULL;
  out->tv_sec = nanoseconds / 1000000000;
  out->tv_nsec = nanoseconds % 1000000000;
  return out;
}

int clinux_poll(int descriptor, int events, int64_t nanoseconds) {
  struct pollfd one = {.fd = descriptor, .events = (short)events};
  struct timespec limit;
  int n = ppoll(&one, 1, timeout(nanoseconds, &limit), NULL);
  if (n < 0) return -errno;
  return n == 0 ? 0 : (unsigned short)one.revents;
}

int clinux_epoll_create(void) {
  int fd = epoll_create1(EPOLL_CLOEXEC);
  return fd < 0 ? -errno : fd;
}

int clinux_epoll_control(int epoll, int operation, int descriptor, uint32_t events,
                         uint64_t token) {
  struct epoll_event event = {.events = events, .data.u64 = token};
  return epoll_ctl(epoll, operation, descriptor, &event) == 0 ? 0 : -errno;
}

int clinux_epoll_wait(int epoll, uint32_t *events, uint64_t *tokens, int count,
                      int64_t nanoseconds) {
  struct epoll_event found[64];
  struct timespec limit;
  if (count > 64) count = 64;
  // First as a plain poll of the epoll descriptor: epoll_pwait2 is younger than some kernels, and
  // epoll_wait knows only milliseconds.
  struct pollfd one = {.fd = epoll, .events = POLLIN};
  int n = ppoll(&one, 1, timeout(nanoseconds, &limit), NULL);
  if (n <= 0) return n < 0 ? -errno : 0;
  n = epoll_wait(epoll, found, count, 0);
  if (n < 0) return -errno;
  for (int i = 0; i < n; i++) {
    events[i] = found[i].events;
    tokens[i] = found[i].data.u64;
  }
  return n;
}

int clinux_eventfd(uint32_t value) {
  int fd = eventfd(value, EFD_CLOEXEC | EFD_NONBLOCK);
  return fd < 0 ? -errno : fd;
}

int clinux_timerfd(void) {
  int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  return fd < 0 ? -errno : fd;
}

int clinux_timerfd_set(int descriptor, int64_t first, int64_t interval) {
  struct itimerspec spec;
  timeout(first, &spec.it_value);
  timeout(interval, &spec.it_interval);
  return timerfd_settime(descriptor, 0, &spec, NULL) == 0 ? 0 : -errno;
}

// The kernel's set, without glibc's refusal of its own two signals.
int clinux_signal_mask(int how, uint64_t set, uint64_t *old) {
  return syscall(SYS_rt_sigprocmask, how, &set, old, sizeof set) == 0 ? 0 : -errno;
}

int clinux_signalfd(uint64_t set) {
  int fd = (int)syscall(SYS_signalfd4, -1, &set, sizeof set, SFD_CLOEXEC | SFD_NONBLOCK);
  return fd < 0 ? -errno : fd;
}

int clinux_signalfd_read(int descriptor, int *pid, uint32_t *user) {
  struct signalfd_siginfo info;
  ssize_t n = read(descriptor, &info, sizeof info);
  if (n < 0) return errno == EAGAIN ? 0 : -errno;
  *pid = (int)info.ssi_pid;
  *user = info.ssi_uid;
  return (int)info.ssi_signo;
}

int clinux_signal_ignore(int number, bool ignore) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = ignore ? SIG_IGN : SIG_DFL;
  return sigaction(number, &action, NULL) == 0 ? 0 : -errno;
}

int clinux_signal_ignored(int number) {
  struct sigaction action;
  if (sigaction(number, NULL, &action) != 0) return -errno;
  return action.sa_handler == SIG_IGN;
}

ssize_t clinux_write_quietly(int descriptor, const void *bytes, size_t size) {
  // The signal comes to this thread; it is blocked, and taken away unless it was pending before.
  sigset_t pipe_only, pending, old;
  sigemptyset(&pipe_only);
  sigaddset(&pipe_only, SIGPIPE);
  sigpending(&pending);
  pthread_sigmask(SIG_BLOCK, &pipe_only, &old);
  ssize_t n = write(descriptor, bytes, size);
  int error = errno;
  if (n < 0 && error == EPIPE && !sigismember(&pending, SIGPIPE)) {
    struct timespec now = {0, 0};
    while (sigtimedwait(&pipe_only, NULL, &now) < 0 && errno == EINTR) continue;
  }
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  errno = error;
  return n;
}
