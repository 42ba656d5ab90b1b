/*
 * Uses memory in each way that a C program can, all the time, and checks every byte of it: `stress PORT`.
 *
 * Over HTTP: `/check` answers 200 and the rounds of each worker, or 500 and the first error; `/run/SECONDS` does so
 * after that time, and wants every worker to have gone on; `/kept` tells the sum of what is never changed;
 * `/corrupt` changes one byte of that, which must be found.
 */
#define _GNU_SOURCE
#include "server.h"

#include <malloc.h>
#include <sys/wait.h>
#include <time.h>

enum { ALLOCATORS = 4, SLOTS = 128, WORKERS = ALLOCATORS + 4 };

struct slot {
  unsigned char *block;
  size_t size;
  uint64_t seed;
  int shared;
};

static const char *const names[WORKERS] = {"malloc-1", "malloc-2", "malloc-3", "malloc-4",
                                           "mapper",   "forker",   "threads",  "break"};
static atomic_ulong rounds[WORKERS];
static struct slot tables[ALLOCATORS][SLOTS];
/* Read by whoever changes a table, written by the forker: a child sees no half-done change. */
static pthread_rwlock_t still = PTHREAD_RWLOCK_INITIALIZER;

static void pause_for(uint64_t microseconds) {
  struct timespec time = {(time_t)(microseconds / 1000000), (long)(microseconds % 1000000) * 1000};
  while (nanosleep(&time, &time) && errno == EINTR) {
  }
}

/* All lengths up to 2^exponent, short ones as often as long ones. */
static size_t length(uint64_t *x, unsigned exponent) {
  size_t most = (size_t)1 << (5 + below(x, exponent - 4));
  return most / 2 + below(x, most / 2) + 1;
}

/* --- Kept: made once, never changed; in memory of the break, of an arena, and of its own mappings */

static struct slot kept[64];

static void keep(int i) {
  size_t size = i % 8 == 0 ? 1 << 20 : (size_t)1 << (6 + i % 12);
  void *block = i % 8 == 0 ? mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                           : malloc(size);
  kept[i] = (struct slot){block, size, 1000 + (uint64_t)i, 0};
  fill(block, size, kept[i].seed);
}

/* In a thread, whose malloc takes an arena. */
static void *keep_half(void *argument) {
  for (int i = 1; i < 64; i += 2) keep(i);
  return argument;
}

static uint64_t kept_sum(void) {
  uint64_t sum = 0;
  for (int i = 0; i < 64; i++)
    for (size_t k = 0; k < kept[i].size; k++) sum = sum * 31 + kept[i].block[k];
  return sum;
}

static void check_kept(const char *whose) {
  for (int i = 0; i < 64; i++) {
    long place = differs(kept[i].block, kept[i].size, kept[i].size, kept[i].seed);
    if (place >= 0) fail("%s: kept block %d is not what it was at byte %ld", whose, i, place);
  }
}

/* --- malloc, calloc, realloc, memalign, free, in a thread's arena */

static void check_slot(const struct slot *slot, size_t size, const char *when) {
  long place = differs(slot->block, size, slot->size, slot->seed);
  if (place >= 0) fail("%s: a block of %zu bytes is wrong at byte %ld", when, slot->size, place);
}

static void change(struct slot *slot, uint64_t *x, int many) {
  if (slot->block) {
    check_slot(slot, slot->size, "malloc");
    if (many && below(x, 3) == 0) {
      size_t size = length(x, 19);
      slot->block = realloc(slot->block, size);
      check_slot(slot, size < slot->size ? size : slot->size, "realloc");
      slot->size = size;
    } else {
      free(slot->block);
      slot->block = NULL;
      if (!many) return;
    }
  }
  if (!slot->block) {
    slot->size = length(x, 19);
    switch (below(x, 4)) {
      case 0:
        slot->block = malloc(slot->size);
        break;
      case 1:
        slot->block = memalign((size_t)64 << below(x, 8), slot->size);
        break;
      default: {
        slot->block = calloc(1, slot->size);
        long place = not_zero(slot->block, slot->size);
        if (place >= 0) fail("calloc: %zu bytes are not zero at %ld", slot->size, place);
      }
    }
  }
  slot->seed = next(x);
  fill(slot->block, slot->size, slot->seed);
}

static void *allocate(void *argument) {
  long worker = (long)argument;
  uint64_t x = 77 + (uint64_t)worker;
  for (unsigned long turn = 0;; turn++) {
    int many = turn / 60 % 2 == 0;
    pthread_rwlock_rdlock(&still);
    for (int i = 0; i < 8; i++) {
      struct slot *slot = &tables[worker][below(&x, SLOTS)];
      /* Nearly empty in between, so that the arena shrinks. */
      if (many || (slot - tables[worker]) % 32 != 0 || slot->block) change(slot, &x, many);
    }
    if (worker == 0 && turn % 40 == 0) malloc_trim(below(&x, 2) * 100000);
    pthread_rwlock_unlock(&still);
    atomic_fetch_add(&rounds[worker], 1);
    pause_for(below(&x, 4000));
  }
  return NULL;
}

/* --- mmap, mremap, mprotect, madvise, munmap */

enum { AREAS = 24, PAGE = 4096 };

static void expect_zero(const unsigned char *from, size_t size, const char *what) {
  long place = not_zero(from, size);
  if (place >= 0) fail("%s: byte %ld of %zu is not zero", what, place, size);
}

static void map_area(struct slot *area, uint64_t *x) {
  area->size = PAGE * (1 + below(x, 128));
  area->shared = below(x, 4) == 0;
  int flags = (area->shared ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS;
  area->block = mmap(NULL, area->size, PROT_READ | PROT_WRITE, flags, -1, 0);
  expect_zero(area->block, area->size, "mmap");
  area->seed = next(x);
  fill(area->block, area->size, area->seed);
}

static void resize(struct slot *area, uint64_t *x) {
  /* Shared memory has nothing behind its end, and so cannot grow. */
  size_t old = area->size, size = PAGE * (1 + below(x, area->shared ? old / PAGE : 192));
  unsigned char *block = mremap(area->block, old, size, MREMAP_MAYMOVE);
  if (block == MAP_FAILED) return fail("mremap: %s", strerror(errno));
  area->block = block;
  long place = differs(block, size < old ? size : old, old, area->seed);
  if (place >= 0) fail("mremap: byte %ld of %zu", place, old);
  if (size > old) expect_zero(block + old, size - old, "mremap, the new part");
  area->size = size;
  fill(block, size, area->seed);
}

static void discard(struct slot *area, uint64_t *x, int lazily) {
  size_t pages = area->size / PAGE, from = below(x, pages), count = 1 + below(x, pages - from);
  unsigned char *start = area->block + from * PAGE;
  if (madvise(start, count * PAGE, lazily ? MADV_FREE : MADV_DONTNEED)) return;
  if (area->shared) {
    /* Only taken out of sight: it comes back as it was. */
    if (differs(area->block, area->size, area->size, area->seed) >= 0) fail("shared memory");
  } else if (!lazily) {
    expect_zero(start, count * PAGE, "MADV_DONTNEED");
  } else {
    /* Each page is either still there or zero. */
    for (size_t i = 0; i < count; i++) {
      unsigned char *page = start + i * PAGE;
      uint64_t seed = area->seed;
      int kept_it = 1;
      for (size_t k = 0; k < PAGE && kept_it; k += 8) {
        uint64_t word = word_at(seed, (from + i) * PAGE + k);
        kept_it = memcmp(page + k, &word, 8) == 0;
      }
      if (!kept_it) expect_zero(page, PAGE, "MADV_FREE");
    }
  }
  fill(area->block, area->size, area->seed);
}

static void *map(void *argument) {
  static struct slot areas[AREAS];
  uint64_t x = 4242;
  (void)argument;
  for (;;) {
    struct slot *area = &areas[below(&x, AREAS)];
    if (!area->block) {
      map_area(area, &x);
    } else {
      long place = differs(area->block, area->size, area->size, area->seed);
      if (place >= 0) fail("mapper: byte %ld of %zu", place, area->size);
      if (mprotect(area->block, area->size, PROT_NONE)) fail("mprotect: %s", strerror(errno));
      pause_for(below(&x, 500));
      mprotect(area->block, area->size, PROT_READ);
      if (differs(area->block, area->size, area->size, area->seed) >= 0) fail("mprotect");
      mprotect(area->block, area->size, PROT_READ | PROT_WRITE);
      switch (below(&x, 5)) {
        case 0:
          munmap(area->block, area->size);
          area->block = NULL;
          break;
        case 1:
          resize(area, &x);
          break;
        default:
          discard(area, &x, below(&x, 3) == 0);
      }
    }
    atomic_fetch_add(&rounds[ALLOCATORS], 1);
    pause_for(below(&x, 3000));
  }
  return NULL;
}

/* --- Children that compare all they inherited */

static void compare_all(const char *whose) {
  check_kept(whose);
  for (int t = 0; t < ALLOCATORS; t++)
    for (int i = 0; i < SLOTS; i++)
      if (tables[t][i].block) check_slot(&tables[t][i], tables[t][i].size, whose);
}

/* What a child does, from which nothing but its status comes back; it allocates nothing. */
static void live_as_child(uint64_t linger) {
  compare_all("child");
  pause_for(linger);
  compare_all("child, later");
  /* What a child writes is its own. */
  for (int i = 0; i < 64; i++) fill(kept[i].block, kept[i].size, ~kept[i].seed);
  for (int i = 0; i < 64; i++)
    if (differs(kept[i].block, kept[i].size, kept[i].size, ~kept[i].seed) >= 0) fail("child");
  if (!atomic_load(&failed)) _exit(0);
  dprintf(2, "%s\n", first_error);
  _exit(3);
}

static void *fork_children(void *argument) {
  enum { CHILDREN = 3 };
  pid_t children[CHILDREN] = {0};
  uint64_t x = 99;
  (void)argument;
  for (unsigned long turn = 0; !atomic_load(&failed); turn++) {
    pid_t *child = &children[turn % CHILDREN];
    int status = 0;
    if (*child) {
      while (waitpid(*child, &status, 0) < 0 && errno == EINTR) {
      }
      if (status) fail("a child ended with status %#x", (unsigned)status);
    }
    pthread_rwlock_wrlock(&still);
    *child = fork();
    if (*child == 0) live_as_child(below(&x, 300000));
    pthread_rwlock_unlock(&still);
    if (*child < 0) fail("fork: %s", strerror(errno));
    check_kept("forker");
    atomic_fetch_add(&rounds[ALLOCATORS + 1], 1);
    pause_for(20000 + below(&x, 50000));
  }
  return NULL;
}

/* --- Threads that come and go: stacks, thread-local memory */

static __thread unsigned char own[3000];
static __thread uint64_t told = 0x1234;

static void *live_shortly(void *argument) {
  uint64_t x = (uint64_t)(uintptr_t)argument;
  volatile unsigned char stack[200000];
  if (not_zero(own, sizeof own) >= 0 || told != 0x1234) fail("a new thread's own memory");
  fill((void *)stack, sizeof stack, x);
  fill(own, sizeof own, x);
  void *block = malloc(length(&x, 17));
  pause_for(below(&x, 2000));
  free(block);
  if (differs((void *)stack, sizeof stack, sizeof stack, (uint64_t)(uintptr_t)argument) >= 0)
    fail("a thread's stack");
  return NULL;
}

static void *start_threads(void *argument) {
  uint64_t x = 7;
  (void)argument;
  for (;;) {
    pthread_t threads[6];
    int count = 1 + (int)below(&x, 6);
    for (int i = 0; i < count; i++)
      if (pthread_create(&threads[i], NULL, live_shortly, (void *)(uintptr_t)(next(&x) | 1)))
        fail("pthread_create");
    for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
    atomic_fetch_add(&rounds[ALLOCATORS + 2], 1);
    pause_for(below(&x, 8000));
  }
  return NULL;
}

/* --- The break: the main thread's own, between two requests */

static void move_break(void) {
  static unsigned char *start;
  static struct slot grown, blocks[32];
  static uint64_t x = 31;
  /* Through malloc, whose main arena grows and shrinks by it. */
  change(&blocks[below(&x, 32)], &x, below(&x, 3) > 0);
  /* Another thread's malloc may use the main arena, too: it must not grow it between the question and the answer. */
  if (pthread_rwlock_trywrlock(&still)) return;
  if (grown.block && sbrk(0) == start + grown.size) {
    long place = differs(grown.block, grown.size, grown.size, grown.seed);
    if (place >= 0) fail("break: byte %ld of %zu", place, grown.size);
    if (sbrk(-(intptr_t)grown.size) == (void *)-1) fail("sbrk: %s", strerror(errno));
    grown.block = NULL;
  } else {
    size_t size = PAGE * (1 + below(&x, 64));
    start = sbrk((intptr_t)size);
    if (start == (void *)-1) {
      fail("sbrk: %s", strerror(errno));
    } else {
      expect_zero(start, size, "sbrk");
      grown = (struct slot){start, size, next(&x), 0};
      fill(start, size, grown.seed);
    }
  }
  pthread_rwlock_unlock(&still);
  atomic_fetch_add(&rounds[ALLOCATORS + 3], 1);
}

/* --- HTTP */

static int state(char *text, size_t size) {
  unsigned long sum = 0;
  if (atomic_load(&failed)) {
    snprintf(text, size, "%s\n", first_error);
    return 500;
  }
  for (int i = 0; i < WORKERS; i++) {
    if (!atomic_load(&rounds[i])) {
      snprintf(text, size, "%s has not done its first round yet\n", names[i]);
      return 503;
    }
    sum += atomic_load(&rounds[i]);
  }
  int used = snprintf(text, size, "ok %lu", sum);
  for (int i = 0; i < WORKERS; i++)
    used += snprintf(text + used, size - (size_t)used, " %s=%lu", names[i], atomic_load(&rounds[i]));
  snprintf(text + used, size - (size_t)used, "\n");
  return 200;
}

static int run(int seconds, char *text, size_t size) {
  unsigned long before[WORKERS];
  for (int i = 0; i < WORKERS; i++) before[i] = atomic_load(&rounds[i]);
  for (int i = 0; i < seconds * 200; i++) {
    move_break();
    pause_for(5000);
  }
  for (int i = 0; i < WORKERS; i++) {
    /* A busy machine may need a moment more. */
    for (int wait = 0; wait < 100 && before[i] == atomic_load(&rounds[i]); wait++) pause_for(100000);
    if (before[i] == atomic_load(&rounds[i]) && !atomic_load(&failed)) {
      snprintf(text, size, "%s stands still\n", names[i]);
      return 500;
    }
  }
  return state(text, size);
}

static int answer(const char *path, char *text, size_t size) {
  int seconds;
  if (strcmp(path, "/check") == 0) return state(text, size);
  if (sscanf(path, "/run/%d", &seconds) == 1) return run(seconds, text, size);
  if (strcmp(path, "/kept") == 0) {
    snprintf(text, size, "%lx\n", (unsigned long)kept_sum());
    return 200;
  }
  if (strcmp(path, "/corrupt") == 0) {
    kept[8].block[70000] ^= 1;
    snprintf(text, size, "changed\n");
    return 200;
  }
  snprintf(text, size, "no such path\n");
  return 404;
}

static void start(void *(*body)(void *), long argument) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, body, (void *)argument)) {
    perror("pthread_create");
    exit(1);
  }
  pthread_detach(thread);
}

int main(int count, char **words) {
  pthread_t thread;
  /* So that large blocks lie in arenas, and what is free at an arena's end goes back soon. */
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 10);
  for (int i = 0; i < 64; i += 2) keep(i);
  if (pthread_create(&thread, NULL, keep_half, NULL) || pthread_join(thread, NULL)) return 1;
  for (long i = 0; i < ALLOCATORS; i++) start(allocate, i);
  start(map, 0);
  start(fork_children, 0);
  start(start_threads, 0);
  serve(count > 1 ? atoi(words[1]) : 8080, answer, move_break);
}
