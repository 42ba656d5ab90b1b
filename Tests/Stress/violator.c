/*
 * Does what no program may do in memory that is mapped from a file: `violator PORT` holds a large block in an arena of
 * malloc's, and upon `/violate` gives the block's pages back by itself and takes for granted that they are zero then. As
 * soon as they are not, `/check` answers 500.
 */
#define _GNU_SOURCE
#include "server.h"

#include <malloc.h>

enum { PAGE = 4096, SIZE = 8 << 20 };

static unsigned char *block;
static unsigned long turns;

static void *allocate(void *argument) {
  block = malloc(SIZE);
  fill(block, SIZE, 1);
  return argument;
}

static void violate(void) {
  unsigned char *start = (unsigned char *)(((uintptr_t)block + PAGE - 1) & ~(uintptr_t)(PAGE - 1));
  size_t size = (size_t)(block + SIZE - start) / PAGE * PAGE, wrong = 0;
  if (madvise(start, size, MADV_DONTNEED)) fail("madvise: %s", strerror(errno));
  for (size_t i = 0; i < size; i += PAGE) wrong += not_zero(start + i, PAGE) >= 0;
  if (wrong) fail("%zu of %zu pages are not zero", wrong, size / PAGE);
  /* Full again for the next time. */
  fill(block, SIZE, 1 + ++turns);
}

static int answer(const char *path, char *text, size_t size) {
  if (strcmp(path, "/violate") == 0) violate();
  if (differs(block, SIZE, SIZE, 1 + turns) >= 0) fail("the block is not what it was");
  if (atomic_load(&failed)) {
    snprintf(text, size, "%s\n", first_error);
    return 500;
  }
  snprintf(text, size, "ok %lu\n", turns);
  return 200;
}

int main(int count, char **words) {
  pthread_t thread;
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  if (pthread_create(&thread, NULL, allocate, NULL)) return 1;
  pthread_join(thread, NULL);
  /* Arenas lie at multiples of 64 MB; the block is in the first one. */
  printf("block at %p, arena at %#lx\n", (void *)block, (unsigned long)block & ~0x3fffffful);
  fflush(stdout);
  serve(count > 1 ? atoi(words[1]) : 8080, answer, NULL);
}
