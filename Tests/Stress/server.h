/* What both C programs of the stress share: a small HTTP server, the first error, patterns of bytes. */
#ifndef STRESS_SERVER_H
#define STRESS_SERVER_H

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static char first_error[512];
static atomic_int failed;

/* Notes an error; only the first one is kept. */
static void __attribute__((format(printf, 1, 2))) fail(const char *format, ...) {
  int none = 0;
  va_list words;
  if (!atomic_compare_exchange_strong(&failed, &none, 1)) return;
  va_start(words, format);
  vsnprintf(first_error, sizeof first_error, format, words);
  va_end(words);
  atomic_store(&failed, 2);
}

/* A generator of numbers without state outside of *x. */
static inline uint64_t next(uint64_t *x) {
  *x ^= *x << 13;
  *x ^= *x >> 7;
  *x ^= *x << 17;
  return *x;
}

static inline uint64_t below(uint64_t *x, uint64_t limit) { return next(x) % limit; }

/* Every byte of a block follows from its seed and its place,: a part can be checked, too. */
static inline uint64_t word_at(uint64_t seed, size_t place) {
  return (seed + place / 8) * 0x9E3779B97F4A7C15u ^ seed >> 7;
}

static void fill(void *block, size_t size, uint64_t seed) {
  unsigned char *to = block;
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    uint64_t word = word_at(seed, i);
    memcpy(to + i, &word, 8);
  }
  for (; i < size; i++) to[i] = (unsigned char)(seed + i);
}

/* The place of the first byte that is not as `fill` made it; -1 if all are. `whole` was the length then. */
static long differs(const void *block, size_t size, size_t whole, uint64_t seed) {
  const unsigned char *from = block;
  size_t i = 0;
  for (; i + 8 <= whole && i + 8 <= size; i += 8) {
    uint64_t word = word_at(seed, i), found;
    memcpy(&found, from + i, 8);
    if (found != word) return (long)i;
  }
  for (; i < size && i >= whole / 8 * 8; i++)
    if (from[i] != (unsigned char)(seed + i)) return (long)i;
  return -1;
}

/* The place of the first byte that is not zero; -1 if all are. */
static long not_zero(const void *block, size_t size) {
  const unsigned char *from = block;
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    uint64_t found;
    memcpy(&found, from + i, 8);
    if (found != 0) return (long)i;
  }
  for (; i < size; i++)
    if (from[i] != 0) return (long)i;
  return -1;
}

/* Answers one request; writes the body into `text`, returns the status. */
typedef int answer_function(const char *path, char *text, size_t size);

/* Answers requests for ever; calls `idle` between them, every few milliseconds. Allocates nothing. */
static void serve(int port, answer_function *answer, void (*idle)(void)) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16)) {
    perror("listening");
    exit(1);
  }
  for (;;) {
    struct pollfd wait = {.fd = listener, .events = POLLIN};
    if (idle) idle();
    if (poll(&wait, 1, idle ? 5 : -1) != 1) continue;
    int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (connection < 0) continue;
    static char request[4096], text[2048], reply[4096];
    size_t length = 0;
    while (length < sizeof request - 1) {
      ssize_t count = recv(connection, request + length, sizeof request - 1 - length, 0);
      if (count <= 0) break;
      request[length += (size_t)count] = 0;
      if (strstr(request, "\r\n\r\n")) break;
    }
    char path[256] = "";
    if (length && sscanf(request, "GET %255s", path) == 1) {
      int status = answer(path, text, sizeof text);
      int size = snprintf(reply, sizeof reply, "HTTP/1.0 %d .\r\nContent-Length: %zu\r\n\r\n%s",
                          status, strlen(text), text);
      send(connection, reply, (size_t)size, MSG_NOSIGNAL);
    }
    close(connection);
  }
}

#endif
