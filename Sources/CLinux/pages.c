#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#define CACHESTAT 451             // SYS_cachestat, the same everywhere
#define POPULATE_READ 22          // MADV_POPULATE_READ

int clinux_cached_pages(int descriptor, uint64_t position, uint64_t size, uint64_t *pages) {
  struct {
    uint64_t position, size;
  } range = {position, size};
  struct {
    uint64_t cached, dirty, writeback, evicted, recently_evicted;
  } answer;
  if (syscall(CACHESTAT, descriptor, &range, &answer, 0) != 0) return -errno;
  *pages = answer.cached;
  return 0;
}

int clinux_mincore(const void *address, size_t size, uint8_t *pages) {
  return mincore((void *)address, size, pages) == 0 ? 0 : -errno;
}

int clinux_populate(void *address, size_t size) {
  return madvise(address, size, POPULATE_READ) == 0 ? 0 : -errno;
}

int clinux_want_pages(int descriptor, int64_t position, int64_t size) {
  return -posix_fadvise(descriptor, position, size, POSIX_FADV_WILLNEED);
}

int clinux_drop_pages(int descriptor, int64_t position, int64_t size) {
  return -posix_fadvise(descriptor, position, size, POSIX_FADV_DONTNEED);
}

int64_t clinux_file_system(int descriptor) {
  struct statfs status;
  if (fstatfs(descriptor, &status) != 0) return -errno;
  return (int64_t)(uint32_t)status.f_type;
}

// struct pm_scan_arg of linux/fs.h.
struct scan_argument {
  uint64_t size, flags, start, end, walk_end, vector, vector_length, most_pages;
  uint64_t inverted, mask, any, returned;
};

int clinux_scan_pages(int pagemap, struct clinux_page_scan *scan, struct clinux_page_range *ranges,
                      int count) {
  struct scan_argument argument = {
      .size = sizeof argument,
      .start = scan->start,
      .end = scan->end,
      .vector = (uint64_t)(uintptr_t)ranges,
      .vector_length = (uint64_t)count,
      .inverted = scan->inverted,
      .mask = scan->needed,
      .any = scan->any,
      // What is returned splits ranges: one bit that all have.
      .returned = scan->needed,
  };
  int found = ioctl(pagemap, _IOWR('f', 16, struct scan_argument), &argument);
  if (found < 0) return -errno;
  scan->stopped_at = argument.walk_end;
  return found;
}
