#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define RESULT(call)               \
  ({                               \
    long result_ = (call);         \
    (int)(result_ < 0 ? -errno : result_); \
  })

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

int clinux_pidfd_open(int pid) { return RESULT(syscall(SYS_pidfd_open, pid, 0)); }

int clinux_pidfd_send_signal(int pidfd, int signal) {
  return RESULT(syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

int clinux_wait_pidfd(int pidfd, int *code, int *status) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  if (waitid((idtype_t)P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG) != 0) return -errno;
  if (info.si_pid == 0) return 0;
  *code = info.si_code;
  *status = info.si_status;
  return 1;
}

int clinux_wait_any(int *status) {
  int pid = waitpid(-1, status, WNOHANG);
  return pid < 0 ? -errno : pid;
}

int clinux_set_subreaper(bool on) { return RESULT(prctl(PR_SET_CHILD_SUBREAPER, on, 0, 0, 0)); }

int clinux_set_thread_name(const char *name) { return RESULT(prctl(PR_SET_NAME, name, 0, 0, 0)); }

int clinux_no_new_privileges(void) { return RESULT(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)); }

int clinux_set_no_new_privileges(void) { return RESULT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)); }

int clinux_set_death_signal(int signal) { return RESULT(prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)); }

int clinux_probe_kcmp(void) {
  // Compares this process's memory with itself.
  int self = getpid();
  return syscall(SYS_kcmp, self, self, 1, 0, 0) == 0 ? 0 : -errno;
}

int clinux_probe_clone3(void) {
  long result = syscall(SYS_clone3, NULL, 0);
  return result < 0 && errno == ENOSYS ? -ENOSYS : 0;
}

int clinux_unshare(int flags) { return RESULT(unshare(flags)); }

int clinux_setns(int descriptor, int flags) { return RESULT(setns(descriptor, flags)); }

int clinux_pivot_root(const char *new_root, const char *put_old) {
  return RESULT(syscall(SYS_pivot_root, new_root, put_old));
}

int clinux_capabilities_get(int pid, struct clinux_capabilities *sets) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, pid};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data) != 0) return -errno;
  sets->effective = data[0].effective | (uint64_t)data[1].effective << 32;
  sets->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
  sets->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
  return 0;
}

int clinux_capabilities_set(const struct clinux_capabilities *sets) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {
      {(uint32_t)sets->effective, (uint32_t)sets->permitted, (uint32_t)sets->inheritable},
      {(uint32_t)(sets->effective >> 32), (uint32_t)(sets->permitted >> 32),
       (uint32_t)(sets->inheritable >> 32)},
  };
  return RESULT(syscall(SYS_capset, &header, data));
}

int clinux_bounding_has(int capability) {
  return RESULT(prctl(PR_CAPBSET_READ, capability, 0, 0, 0));
}

int clinux_ambient_has(int capability) {
  return RESULT(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0));
}

int clinux_ambient_raise(int capability) {
  return RESULT(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0));
}

int clinux_set_file_identity(unsigned int user, unsigned int group) {
  // They return what was before, never an error: whether they worked, a second call tells.
  setfsgid(group);
  setfsuid(user);
  return (unsigned int)setfsgid(-1) == group && (unsigned int)setfsuid(-1) == user ? 0 : -EPERM;
}
