// What Swift cannot call by itself: variadic and macro interfaces, system calls without a wrapper,
// and the code that runs between clone and execve. Every function returns a value >= 0, or -errno.
#ifndef CLINUX_H
#define CLINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// ---- Arguments: saved by a constructor, because a process 1 has no /proc yet when it starts.

int clinux_argument_count(void);
const char *_Nullable clinux_argument(int index);
// Whether SWIFT_ROOT was set for the Swift runtime, which nobody else needs to see.
bool clinux_made_root(void);

// ---- Errors

// "ENOENT", or null for a number without a name.
const char *_Nullable clinux_error_name(int number);
// "No such file or directory", never translated, or null.
const char *_Nullable clinux_error_text(int number);

// ---- Spawn

enum {
  CLINUX_STEP_NONE = 0,
  CLINUX_STEP_CLONE,
  CLINUX_STEP_ENTER,
  CLINUX_STEP_SESSION,
  CLINUX_STEP_GROUP,
  CLINUX_STEP_TIME,
  CLINUX_STEP_DUPLICATE,
  CLINUX_STEP_CLOSE,
  CLINUX_STEP_BOUNDING,
  CLINUX_STEP_KEEP,
  CLINUX_STEP_SETGROUPS,
  CLINUX_STEP_SETRESGID,
  CLINUX_STEP_SETRESUID,
  CLINUX_STEP_CAPSET,
  CLINUX_STEP_AMBIENT,
  CLINUX_STEP_NO_NEW_PRIVILEGES,
  CLINUX_STEP_DEATH_SIGNAL,
  CLINUX_STEP_DIRECTORY,
  CLINUX_STEP_EXECVE,
  CLINUX_STEP_TERMINAL,
  CLINUX_STEP_WATCH,
  CLINUX_STEP_BLIND,
};

struct clinux_spawn {
  // All nullable, so that Swift can make an empty plan; path, arguments and environment are needed.
  const char *_Nullable path;
  char *_Nullable const *_Nullable arguments;
  char *_Nullable const *_Nullable environment;
  const char *_Nullable directory;
  // Ascending numbers in the child, and the parent's descriptors that they become.
  const int *_Nullable targets;
  const int *_Nullable sources;
  int descriptor_count;
  bool new_session;
  bool process_group;
  bool controlling_terminal;  // descriptor 0 becomes it; needs new_session
  int death_signal;           // 0: none
  int64_t user;               // -1: as it is
  int64_t group;              // -1: as it is
  const uint32_t *_Nullable groups;
  int group_count;            // -1: as they are
  bool set_capabilities;
  uint64_t capabilities;
  bool set_bounding;
  uint64_t bounding;
  bool no_new_privileges;
  int64_t file_mode_mask;     // -1: as it is
  int namespaces;             // CLONE_NEW*
  int entered_process;        // a pidfd: its namespaces are entered; -1: none
  int entered;                // which of them, CLONE_NEW*
  const char *_Nullable time_offsets;  // text for /proc/self/timens_offsets
  bool reset_signals;
  int watch_socket;           // a unix socket that gets the child's listener; -1: no filter
  bool hides_filters;         // to its ptrace no process has seccomp filters
};

struct clinux_spawned {
  int pid;
  int pidfd;
  int step;  // what failed, when the result is negative
};

// Starts a program. Returns 0, or -errno with `step` set; then no child is left.
int clinux_spawn(const struct clinux_spawn *_Nonnull plan, struct clinux_spawned *_Nonnull result);

// ---- Watched system calls

enum {
  CLINUX_CALL_MADVISE = 0,
  CLINUX_CALL_MREMAP,
  CLINUX_CALL_BRK,
  CLINUX_CALL_PROCESS_MADVISE,
  CLINUX_CALL_COUNT,
};

struct clinux_watched_call {
  uint64_t id;
  int thread;
  int kind;
  uint64_t arguments[6];
};

// Filters the calling thread, and what it starts from now on. Returns the listener, close-on-exec.
int clinux_watch_install(void);
// Waits for the next call. Returns 1, or 0 once no thread is left that has the filter.
int clinux_watch_receive(int listener, struct clinux_watched_call *_Nonnull call);
// Lets a call be made.
int clinux_watch_answer(int listener, uint64_t id);
// Filters the calling thread, and what it starts from now on: to its ptrace no process has seccomp filters.
int clinux_blind_install(void);
// 1 if a thread is one of a process, else 0.
int clinux_in_process(int process, int thread);

// ---- Processes

// The last pid that was given in the pid namespace of a process, by its pidfd; text is the number.
int clinux_set_last_pid(int process, const char *_Nonnull text);
// Starts children that end at once until one has a pid of `last` or higher. Returns that pid. One thread at a time.
int clinux_burn_pids(int last);
int clinux_pidfd_open(int pid);
int clinux_pidfd_send_signal(int pidfd, int signal);
// Reaps the child of a pidfd. Returns 1 with code (CLD_*) and status, or 0 if it still runs.
int clinux_wait_pidfd(int pidfd, int *_Nonnull code, int *_Nonnull status);
// Reaps any child that has ended. Returns its pid, or 0.
int clinux_wait_any(int *_Nonnull status);
int clinux_set_subreaper(bool on);
// Names the calling thread; 15 bytes are kept.
int clinux_set_thread_name(const char *_Nonnull name);
int clinux_no_new_privileges(void);
int clinux_set_no_new_privileges(void);
int clinux_set_death_signal(int signal);
// 0 if clone3 is there, -ENOSYS if it is not, or hidden.
int clinux_probe_clone3(void);
// 0, or -errno if kcmp is missing or forbidden.
int clinux_probe_kcmp(void);

// ---- Events

int clinux_poll(int descriptor, int events, int64_t nanoseconds);
int clinux_epoll_create(void);
int clinux_epoll_control(int epoll, int operation, int descriptor, uint32_t events, uint64_t token);
int clinux_epoll_wait(int epoll, uint32_t *_Nonnull events, uint64_t *_Nonnull tokens, int count,
                      int64_t nanoseconds);
int clinux_eventfd(uint32_t value);
int clinux_timerfd(void);
// 0 disarms it.
int clinux_timerfd_set(int descriptor, int64_t first, int64_t interval);

// ---- Signals: bit n-1 of a set is signal n.

int clinux_signal_mask(int how, uint64_t set, uint64_t *_Nullable old);
int clinux_signalfd(uint64_t set);
// Returns the signal, 0 if none is pending.
int clinux_signalfd_read(int descriptor, int *_Nonnull pid, uint32_t *_Nonnull user);
int clinux_signal_ignore(int signal, bool ignore);
// 1 if the signal is ignored.
int clinux_signal_ignored(int signal);

// ---- System V: shared memory and semaphores of the calling thread's namespace

// Makes a segment, semaphores; key 0: without a key. Returns the id.
int clinux_segment_make(int key, size_t size, int mode);
int clinux_segment_remove(int id);
// Writes all of a segment to a file, and back; -ENODATA if the file is too short.
int clinux_segment_save(int id, int descriptor, size_t size);
int clinux_segment_load(int id, int descriptor, size_t size);
int clinux_semaphores_make(int key, int count, int mode);
int clinux_semaphores_remove(int id);
int clinux_semaphores_read(int id, uint16_t *_Nonnull values);
int clinux_semaphores_write(int id, const uint16_t *_Nonnull values);

// ---- Other processes

// Has the main thread of a process make a system call, by ptrace, within five seconds. The thread
// goes on as if nothing had been; a process that was stopped stays stopped. `instruction` is the
// address of a system call instruction in it. `value` is what the call returned: negative is an
// error number. -ENOSYS on other processors than x86-64.
int clinux_call_in(int pid, uint64_t instruction, long number, const uint64_t *_Nonnull arguments,
                   int64_t *_Nonnull value);

// ---- Pipes and sockets

// Both ends, reader first, close-on-exec.
int clinux_pipe(int *_Nonnull ends);
// As write, but a reader that is gone is told by EPIPE alone, without SIGPIPE. -1 and errno.
ssize_t clinux_write_quietly(int descriptor, const void *_Nullable bytes, size_t size);
// As accept: -1 and errno. Close-on-exec.
int clinux_accept(int socket);

int clinux_send_descriptors(int socket, const void *_Nonnull bytes, size_t size,
                            const int *_Nonnull descriptors, int count);
// Returns the bytes read; `count` is the room for descriptors and becomes their number.
ssize_t clinux_receive_descriptors(int socket, void *_Nonnull bytes, size_t size,
                                   int *_Nonnull descriptors, int *_Nonnull count);

// ---- Namespaces, mounts, capabilities

int clinux_unshare(int flags);
int clinux_setns(int descriptor, int flags);
int clinux_pivot_root(const char *_Nonnull new_root, const char *_Nonnull put_old);

struct clinux_capabilities {
  uint64_t effective, permitted, inheritable;
};
int clinux_capabilities_get(int pid, struct clinux_capabilities *_Nonnull sets);
int clinux_capabilities_set(const struct clinux_capabilities *_Nonnull sets);
// 1 or 0; -EINVAL for a capability that the kernel does not know.
int clinux_bounding_has(int capability);
int clinux_ambient_has(int capability);
int clinux_ambient_raise(int capability);
// The calling thread's user and group in what it does with files: setfsuid, setfsgid.
int clinux_set_file_identity(unsigned int user, unsigned int group);

// ---- Files

// Copies the data of `from` to `to` and leaves holes; both stand at 0 and `to` is empty.
/// memfd_create with MFD_CLOEXEC: Glibc's module map does not show it.
int clinux_memfd_create(const char *_Nonnull name);
int clinux_copy_data(int from, int to, int64_t size);
// Extended attributes of a path (links not followed), or of a descriptor if the path is null. A
// null buffer asks for the size.
ssize_t clinux_list_attributes(const char *_Nullable path, int descriptor, void *_Nullable buffer,
                               size_t size);
ssize_t clinux_get_attribute(const char *_Nullable path, int descriptor, const char *_Nonnull name,
                             void *_Nullable buffer, size_t size);
int clinux_set_attribute(const char *_Nullable path, int descriptor, const char *_Nonnull name,
                         const void *_Nullable value, size_t size);
// The number of the mount that holds an open file (statx, Linux 5.8); 0 where the kernel does not
// tell.
int64_t clinux_mount_number(int descriptor);
uint64_t clinux_device(uint32_t major, uint32_t minor);
int clinux_window_size(int descriptor, uint16_t *_Nonnull rows, uint16_t *_Nonnull columns);

// The next data, or hole, at or after a position; -ENXIO where there is none up to the end.
int64_t clinux_seek_data(int descriptor, int64_t position);
int64_t clinux_seek_hole(int descriptor, int64_t position);
// fallocate: reserves blocks, or gives them back and leaves a hole of zeros (KEEP_SIZE).
int clinux_allocate(int descriptor, int64_t position, int64_t size);
int clinux_punch_hole(int descriptor, int64_t position, int64_t size);
// Copies up to `size` bytes, by copy_file_range where that can be. Returns how many it copied, 0 at
// the end of `from`; after a signal perhaps fewer, never -EINTR.
int64_t clinux_copy_range(int from, int64_t in, int to, int64_t out, int64_t size);
// A private, read-only mapping of a file.
int clinux_map_file(int descriptor, int64_t position, size_t size, bool populate,
                    void *_Nullable *_Nonnull address);
int clinux_unmap(void *_Nonnull address, size_t size);

// ---- Pages

// What is in the page cache of a file, in pages (cachestat, Linux 6.5); a size of 0: to the end.
int clinux_cached_pages(int descriptor, uint64_t position, uint64_t size, uint64_t *_Nonnull pages);
// One byte a page; bit 0: it is in memory.
int clinux_mincore(const void *_Nonnull address, size_t size, uint8_t *_Nonnull pages);
// Reads what a mapping shows, and maps it (MADV_POPULATE_READ, Linux 5.14).
int clinux_populate(void *_Nonnull address, size_t size);
// posix_fadvise: brings pages into the page cache, or takes them out; a size of 0: to the end.
int clinux_want_pages(int descriptor, int64_t position, int64_t size);
int clinux_drop_pages(int descriptor, int64_t position, int64_t size);
// statfs's number of the kind of file system.
int64_t clinux_file_system(int descriptor);

enum {
  CLINUX_PAGE_FILE = 1 << 2,
  CLINUX_PAGE_PRESENT = 1 << 3,
  CLINUX_PAGE_SWAPPED = 1 << 4,
  CLINUX_PAGE_ZERO = 1 << 5,
};

struct clinux_page_range {
  uint64_t start, end, categories;
};

struct clinux_page_scan {
  uint64_t start, end;
  uint64_t inverted;  // these must not be set
  uint64_t needed;    // those that must be as told: set, or not if inverted
  uint64_t any;       // one of these must be set
  uint64_t stopped_at;
};

// Ranges of pages of /proc/PID/pagemap (PAGEMAP_SCAN, Linux 6.7; -ENOTTY before). Returns their
// number; there is more to scan if stopped_at is below end.
int clinux_scan_pages(int pagemap, struct clinux_page_scan *_Nonnull scan,
                      struct clinux_page_range *_Nonnull ranges, int count);

// ---- Machine

struct clinux_cpuid {
  uint32_t a, b, c, d;
};
// 1 and the registers; 0 where the processor has no such leaf, or no cpuid.
int clinux_cpuid(uint32_t leaf, uint32_t subleaf, struct clinux_cpuid *_Nonnull registers);

/// inotify_init1 with IN_CLOEXEC | IN_NONBLOCK, inotify_add_watch, syncfs.
int clinux_inotify_create(void);
int clinux_inotify_watch(int fd, const char *_Nonnull path, uint32_t events);
int clinux_syncfs(int fd);

#endif
