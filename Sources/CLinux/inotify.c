#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

int clinux_inotify_create(void) {
  int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  return fd < 0 ? -errno : fd;
}

int clinux_inotify_watch(int fd, const char *path, uint32_t events) {
  int watch = inotify_add_watch(fd, path, events);
  return watch < 0 ? -errno : watch;
}

int clinux_syncfs(int fd) { return syncfs(fd) < 0 ? -errno : 0; }
