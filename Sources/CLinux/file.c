#define _GNU_SOURCE
#include <sys/mman.h>
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

// copy_file_range is refused across some file systems (EXDEV before 5.19, EINVAL, EOPNOTSUPP).
// Returns what it copied, 0 at the end of the file.
static ssize_t copy_some(int from, off_t in, int to, off_t out, size_t size, bool *plain) {
  if (!*plain) {
    off_t source = in, target = out;
    ssize_t n;
    do n = copy_file_range(from, &source, to, &target, size, 0);
    while (n < 0 && errno == EINTR);
    if (n > 0) return n;
    if (n < 0 && errno != EXDEV && errno != EINVAL && errno != EOPNOTSUPP && errno != ENOSYS) {
      return -errno;
    }
    *plain = true;  // also for 0: files of /proc say so although they have content
  }
  char buffer[65536];
  ssize_t n;
  do n = pread(from, buffer, size < sizeof buffer ? size : sizeof buffer, in);
  while (n < 0 && errno == EINTR);
  if (n < 0) return -errno;
  for (ssize_t done = 0; done < n;) {
    ssize_t written = pwrite(to, buffer + done, n - done, out + done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return -errno;
    done += written;
  }
  return n;
}

int64_t clinux_copy_range(int from, int64_t in, int to, int64_t out, int64_t size) {
  bool plain = false;
  int64_t done = 0;
  while (done < size) {
    ssize_t n = copy_some(from, in + done, to, out + done, size - done, &plain);
    if (n < 0) return n;
    if (n == 0) break;
    done += n;
  }
  return done;
}

int clinux_copy_data(int from, int to, int64_t size) {
  bool plain = false;
  off_t at = 0;
  while (at < size) {
    off_t data = lseek(from, at, SEEK_DATA);
    if (data < 0 && errno == ENXIO) break;  // a hole up to the end
    off_t hole = size;
    if (data < 0) {
      data = at;  // a file system without SEEK_DATA: all is data
    } else {
      hole = lseek(from, data, SEEK_HOLE);
      if (hole < 0 || hole > size) hole = size;
    }
    at = data;
    while (at < hole) {
      ssize_t n = copy_some(from, at, to, at, hole - at, &plain);
      if (n < 0) return (int)n;
      if (n == 0) break;
      at += n;
    }
    if (at < hole) break;  // the file became shorter meanwhile
  }
  return ftruncate(to, size) == 0 ? 0 : -errno;
}

static int64_t seek(int descriptor, int64_t position, int whence) {
  off_t found = lseek(descriptor, position, whence);
  return found < 0 ? -errno : found;
}

int64_t clinux_seek_data(int descriptor, int64_t position) {
  return seek(descriptor, position, SEEK_DATA);
}

int64_t clinux_seek_hole(int descriptor, int64_t position) {
  return seek(descriptor, position, SEEK_HOLE);
}

static int allocate(int descriptor, int mode, int64_t position, int64_t size) {
  int result;
  do result = fallocate(descriptor, mode, position, size);
  while (result < 0 && errno == EINTR);
  return result < 0 ? -errno : 0;
}

int clinux_allocate(int descriptor, int64_t position, int64_t size) {
  return allocate(descriptor, 0, position, size);
}

int clinux_punch_hole(int descriptor, int64_t position, int64_t size) {
  return allocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, position, size);
}

int clinux_map_file(int descriptor, int64_t position, size_t size, bool populate, void **address) {
  int flags = MAP_PRIVATE | (populate ? MAP_POPULATE : 0);
  void *result = mmap(NULL, size, PROT_READ, flags, descriptor, position);
  if (result == MAP_FAILED) return -errno;
  *address = result;
  return 0;
}

int clinux_unmap(void *address, size_t size) { return munmap(address, size) < 0 ? -errno : 0; }

ssize_t clinux_list_attributes(const char *path, int descriptor, void *buffer, size_t size) {
  ssize_t n = path ? llistxattr(path, buffer, size) : flistxattr(descriptor, buffer, size);
  return n < 0 ? -errno : n;
}

ssize_t clinux_get_attribute(const char *path, int descriptor, const char *name, void *buffer,
                             size_t size) {
  ssize_t n = path ? lgetxattr(path, name, buffer, size)
                   : fgetxattr(descriptor, name, buffer, size);
  return n < 0 ? -errno : n;
}

int clinux_set_attribute(const char *path, int descriptor, const char *name, const void *value,
                         size_t size) {
  int result = path ? lsetxattr(path, name, value, size, 0)
                    : fsetxattr(descriptor, name, value, size, 0);
  return result < 0 ? -errno : 0;
}

uint64_t clinux_device(uint32_t major_number, uint32_t minor_number) {
  return makedev(major_number, minor_number);
}

#ifndef STATX_MNT_ID
#define STATX_MNT_ID 0x1000U
#endif

int64_t clinux_mount_number(int descriptor) {
  struct statx status;
  if (statx(descriptor, "", AT_EMPTY_PATH, STATX_MNT_ID, &status) != 0) return -errno;
  return status.stx_mask & STATX_MNT_ID ? (int64_t)status.stx_mnt_id : 0;
}

int clinux_memfd_create(const char *name) {
  int result = memfd_create(name, MFD_CLOEXEC);
  return result < 0 ? -errno : result;
}
