#include "CLinux.h"

#include <stdlib.h>
#include <unistd.h>

static int saved_count;
static char **saved_arguments;
static bool made_root;

// Runs before main and needs no /proc, unlike the Swift runtime's own way. It also runs before the
// runtime's constructors (their priority is the last): those end a static executable that finds no
// /proc, because it cannot tell where it lies, unless SWIFT_ROOT says so.
__attribute__((constructor(101))) static void save_arguments(int count, char **arguments) {
  saved_count = count;
  saved_arguments = arguments;
  if (access("/proc/self/exe", F_OK) != 0 && !getenv("SWIFT_ROOT")) {
    made_root = setenv("SWIFT_ROOT", "/", 0) == 0;
  }
}

int clinux_argument_count(void) { return saved_count; }

const char *clinux_argument(int index) {
  return index >= 0 && index < saved_count ? saved_arguments[index] : NULL;
}

bool clinux_made_root(void) { return made_root; }
