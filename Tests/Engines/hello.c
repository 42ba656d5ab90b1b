// The least that a server can be: what an engine needs to start it is what no server's start can be ahead of.
//   hello [PORT …]         default: 8080
//   hello … --health       ends with 0 if one listens on 8080
// Answers every request with 200 and a line with its capabilities; ends at SIGTERM.
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { most = 8 };

static void end(int signal) {
  (void)signal;
  _exit(0);
}

static int listening(int port) {
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons((unsigned short)port)};
  int on = 1, server = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (server < 0 || bind(server, (struct sockaddr *)&address, sizeof address) || listen(server, 64)) {
    perror("hello");
    exit(1);
  }
  return server;
}

// The lines of /proc/self/status that tell user and rights.
static size_t rights(char *text, size_t size) {
  char line[256];
  size_t length = 0;
  FILE *status = fopen("/proc/self/status", "r");
  while (status && fgets(line, sizeof line, status)) {
    int told = !strncmp(line, "Uid", 3) || !strncmp(line, "Cap", 3) || !strncmp(line, "NoNew", 5);
    if (told && length + strlen(line) < size) length += (size_t)sprintf(text + length, "%s", line);
  }
  if (status) fclose(status);
  return length;
}

static int is_healthy(void) {
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT, .sin6_port = htons(8080)};
  return !connect(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0), (struct sockaddr *)&address, sizeof address);
}

int main(int count, char **words) {
  if (count > 1 && !strcmp(words[count - 1], "--health")) return !is_healthy();
  struct pollfd servers[most];
  int ports = count > 1 ? count - 1 : 1;
  if (ports > most) return 64;
  signal(SIGTERM, end);
  signal(SIGPIPE, SIG_IGN);
  for (int i = 0; i < ports; i++)
    servers[i] = (struct pollfd){listening(count > 1 ? atoi(words[i + 1]) : 8080), POLLIN, 0};
  puts("hello");
  fflush(stdout);
  for (;;) {
    if (poll(servers, (nfds_t)ports, -1) < 0) return 1;
    for (int i = 0; i < ports; i++) {
      if (!(servers[i].revents & POLLIN)) continue;
      char question[4096], body[2048], answer[4096];
      int client = accept(servers[i].fd, 0, 0);
      // A peer that says nothing keeps the others waiting for no longer than this.
      struct timeval limit = {.tv_sec = 2};
      setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
      ssize_t got = read(client, question, sizeof question);
      // PostgreSQL's question for TLS: no.
      if (got == 8 && !memcmp(question, "\0\0\0\10\4\322\26/", 8)) {
        if (write(client, "N", 1) != 1) { }
      } else if (got > 0) {
        int length = (int)rights(body, sizeof body);
        int all = sprintf(answer, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%.*s",
          length, length, body);
        if (write(client, answer, (size_t)all) != all) { }
      }
      close(client);
    }
  }
}
