#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_DESCRIPTORS = 253 };  // SCM_MAX_FD of the kernel

int clinux_pipe(int *ends) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : -errno; }

int clinux_accept(int socket) { return accept4(socket, NULL, NULL, SOCK_CLOEXEC); }

int clinux_send_descriptors(int socket, const void *bytes, size_t size, const int *descriptors,
                            int count) {
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * MOST_DESCRIPTORS)];
  } control;
  if (count < 0 || count > MOST_DESCRIPTORS) return -EINVAL;
  struct iovec data = {.iov_base = (void *)bytes, .iov_len = size};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
  if (count > 0) {
    memset(&control, 0, sizeof control);
    message.msg_control = &control;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * count);
    memcpy(CMSG_DATA(header), descriptors, sizeof(int) * count);
  }
  ssize_t n = sendmsg(socket, &message, MSG_NOSIGNAL);
  return n < 0 ? -errno : (int)n;
}

ssize_t clinux_receive_descriptors(int socket, void *bytes, size_t size, int *descriptors,
                                   int *count) {
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * MOST_DESCRIPTORS)];
  } control;
  struct iovec data = {.iov_base = bytes, .iov_len = size};
  struct msghdr message = {
      .msg_iov = &data,
      .msg_iovlen = 1,
      .msg_control = &control,
      .msg_controllen = sizeof control,
  };
  int room = *count;
  *count = 0;
  ssize_t n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  if (n < 0) return -errno;
  for (struct cmsghdr *h = CMSG_FIRSTHDR(&message); h; h = CMSG_NXTHDR(&message, h)) {
    if (h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS) continue;
    size_t found = (h->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < found; i++) {
      int one;
      memcpy(&one, CMSG_DATA(h) + i * sizeof one, sizeof one);
      if (*count < room) {
        descriptors[(*count)++] = one;
      } else {
        close(one);  // nobody asked for it
      }
    }
  }
  return n;
}
