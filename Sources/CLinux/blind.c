// A filter that answers ptrace for the kernel where it asks for seccomp filters: as if there were none. No
// listener is needed, because every answer is an error number, and the number 0 is success.
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SPECULATE (1UL << 2)  // SECCOMP_FILTER_FLAG_SPEC_ALLOW: the filter must not slow the program down

// The requests, which older headers lack.
#define SET_OPTIONS 0x4200
#define GET_FILTER 0x420c
#define GET_METADATA 0x420d
#define SUSPEND_SECCOMP (1U << 21)

// Both architectures store the lower half of an argument first.
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define EQUALS(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)

int clinux_blind_install(void) {
  struct sock_filter filter[] = {
      LOAD(arch),
      EQUALS(AUDIT_ARCH_X86_64, 0, 2),
      LOAD(nr),
      EQUALS(101, 3, 8),
      EQUALS(AUDIT_ARCH_AARCH64, 0, 7),
      LOAD(nr),
      EQUALS(117, 0, 5),
      LOAD(args[0]),
      EQUALS(GET_FILTER, 4, 0),
      EQUALS(GET_METADATA, 3, 0),
      EQUALS(SET_OPTIONS, 0, 1),
      BPF_STMT(BPF_JMP | BPF_JA, 2),
      RETURN(SECCOMP_RET_ALLOW),
      RETURN(SECCOMP_RET_ERRNO | ENOENT),
      LOAD(args[3]),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, SUSPEND_SECCOMP, 0, 1),
      RETURN(SECCOMP_RET_ERRNO | 0),
      RETURN(SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SPECULATE, &program) < 0) return -errno;
  return 0;
}
