// Runs a command that starts a server, and tells the milliseconds from there to the server's first answer.
//   first-answer http://HOST:PORT/PATH COMMAND …    an answer is HTTP status 200
//   first-answer sql://HOST:PORT COMMAND …          an answer is what PostgreSQL's protocol says to a question for TLS
// HOST is an IPv4 address. The command's output goes to standard error. Asks each millisecond, or each ten where nothing
// comes back, for a minute at most.
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

// Questions under way. A network that is only just set up loses some, and podman holds a port that is not served yet open,
// so one that is not answered soon is followed by the next; each stays until it fails or many newer ones are there.
enum { most = 64 };
static struct question {
  int socket, is_sent;
} questions[most];
static int under_way;

static void drop(int index) {
  close(questions[index].socket);
  memmove(questions + index, questions + index + 1, sizeof *questions * (size_t)(--under_way - index));
}

static void ask(const struct sockaddr_in *address) {
  if (under_way == most) drop(0);
  int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  questions[under_way++] = (struct question){client, 0};
  if (connect(client, (const struct sockaddr *)address, sizeof *address) && errno != EINPROGRESS)
    drop(under_way - 1);
}

// Waits up to some milliseconds for what comes; tells whether one of the questions is answered.
static int answered(const char *text, size_t length, int is_sql, int wait) {
  struct pollfd polled[most];
  int count = under_way;
  for (int i = 0; i < count; i++)
    polled[i] = (struct pollfd){questions[i].socket, questions[i].is_sent ? POLLIN : POLLOUT, 0};
  poll(polled, (nfds_t)count, wait);
  for (int i = count - 1; i >= 0; i--) {
    if (!polled[i].revents) continue;
    if (!questions[i].is_sent) {
      questions[i].is_sent = send(polled[i].fd, text, length, MSG_NOSIGNAL) == (ssize_t)length;
      if (!questions[i].is_sent) drop(i);
      continue;
    }
    char answer[64] = "";
    ssize_t got = recv(polled[i].fd, answer, sizeof answer - 1, 0);
    drop(i);
    if (got <= 0) continue;
    if (is_sql ? strchr("NS", answer[0]) != 0 : !strncmp(answer, "HTTP/1.", 7) && !strncmp(answer + 8, " 200", 4)) return 1;
  }
  return 0;
}

int main(int count, char **words) {
  char host[64], path[256] = "", question[512];
  unsigned short port;
  if (count < 3) return 64;
  int is_sql = !strncmp(words[1], "sql://", 6);
  if (sscanf(words[1] + (is_sql ? 6 : 7), "%63[^:]:%hu%255s", host, &port, path) < 2) return 64;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  if (inet_pton(AF_INET, host, &address.sin_addr) != 1) return 64;
  size_t length = 8;
  if (is_sql)
    memcpy(question, "\0\0\0\10\4\322\26/", 8);
  else
    length = (size_t)sprintf(question, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);

  double start = now();
  pid_t child = fork();
  if (child == 0) {
    dup2(2, 1);
    execvp(words[2], words + 2);
    perror(words[2]);
    _exit(127);
  }
  int status = 0, ended = 0;
  double asked = 0;
  while (!answered(question, length, is_sql, 1)) {
    if (!ended) ended = waitpid(child, &status, WNOHANG) == child;
    if ((ended && status != 0) || now() - start > 60e3) {
      fprintf(stderr, "first-answer: %s: no answer\n", words[1]);
      return 1;
    }
    if (!under_way || now() - asked > 10) {
      ask(&address);
      asked = now();
    }
  }
  printf("%.1f\n", now() - start);
  // What starts a server in the foreground goes on; its caller stops the server.
  return 0;
}
