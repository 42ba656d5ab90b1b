#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

#define RESULT(call)               \
  ({                               \
    long result_ = (call);         \
    (int)(result_ < 0 ? -errno : result_); \
  })

union semaphore_argument {
  int value;
  struct semid_ds *status;
  unsigned short *array;
};

int clinux_segment_make(int key, size_t size, int mode) {
  return RESULT(shmget(key, size, IPC_CREAT | IPC_EXCL | mode));
}

int clinux_segment_remove(int id) { return RESULT(shmctl(id, IPC_RMID, NULL)); }

int clinux_segment_save(int id, int descriptor, size_t size) {
  const char *memory = shmat(id, NULL, SHM_RDONLY);
  if (memory == (void *)-1) return -errno;
  int result = 0;
  for (size_t done = 0; done < size && result == 0;) {
    ssize_t count = write(descriptor, memory + done, size - done);
    if (count >= 0) done += (size_t)count;
    else if (errno != EINTR) result = -errno;
  }
  shmdt(memory);
  return result;
}

int clinux_segment_load(int id, int descriptor, size_t size) {
  char *memory = shmat(id, NULL, 0);
  if (memory == (void *)-1) return -errno;
  int result = 0;
  for (size_t done = 0; done < size && result == 0;) {
    ssize_t count = read(descriptor, memory + done, size - done);
    if (count > 0) done += (size_t)count;
    else if (count == 0) result = -ENODATA;
    else if (errno != EINTR) result = -errno;
  }
  shmdt(memory);
  return result;
}

int clinux_semaphores_make(int key, int count, int mode) {
  return RESULT(semget(key, count, IPC_CREAT | IPC_EXCL | mode));
}

int clinux_semaphores_remove(int id) { return RESULT(semctl(id, 0, IPC_RMID)); }

int clinux_semaphores_read(int id, uint16_t *values) {
  union semaphore_argument argument = {.array = values};
  return RESULT(semctl(id, 0, GETALL, argument));
}

int clinux_semaphores_write(int id, const uint16_t *values) {
  union semaphore_argument argument = {.array = (unsigned short *)values};
  return RESULT(semctl(id, 0, SETALL, argument));
}
