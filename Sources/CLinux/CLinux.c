#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

const char *clinux_error_name(int number) { return strerrorname_np(number); }

const char *clinux_error_text(int number) { return strerrordesc_np(number); }

int clinux_window_size(int descriptor, uint16_t *rows, uint16_t *columns) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return -errno;
  *rows = size.ws_row;
  *columns = size.ws_col;
  return 0;
}

int clinux_cpuid(uint32_t leaf, uint32_t subleaf, struct clinux_cpuid *r) {
#if defined(__x86_64__) || defined(__i386__)
  return __get_cpuid_count(leaf, subleaf, &r->a, &r->b, &r->c, &r->d);
#else
  (void)leaf, (void)subleaf, (void)r;
  return 0;
#endif
}
