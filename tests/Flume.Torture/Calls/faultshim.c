// LD_PRELOAD library: the N-th file-system call of a class below one folder fails, stores a part, or takes long.
// FAULT_ROOT  the folder; calls elsewhere pass.
// FAULT_CTL   a file of 4096 bytes, mapped and shared with the harness, which arms faults while the process runs.
// .NET resolves "libc" of a P/Invoke by file name, so a copy of this library is also named libc.so beside the program.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
  OPEN = 1, WRITE = 2, FSYNC = 4, RENAME = 8, UNLINK = 16, TRUNCATE = 32, MKDIR = 64, MMAP = 128, READ = 256,
  LINK = 512, ALLOCATE = 1024, FOLDER_SYNC = 2048
};

// Shim.cs writes these fields by position: 64 bits each, then the pattern at 256 and the last path at 512.
struct control {
  volatile int64_t armed;    // nonzero: faults are on
  volatile int64_t classes;  // mask of the classes above
  volatile int64_t nth;      // the n-th matching call, from 1, is the first that fails
  volatile int64_t count;    // how many calls fail; 0: all from then on
  volatile int64_t error;    // errno of a failing call; 0: none fails
  volatile int64_t torn;     // nonzero: the first failing write stores half and says so
  volatile int64_t delay_us; // each matching call sleeps first
  volatile int64_t seen;     // matching calls since armed
  volatile int64_t fired;    // failed calls since armed
  volatile int64_t spare[23];
  char pattern[256];         // alternatives a|b that the path must contain; !a|b: that it must not contain
  char last[256];            // the path of the last failed call
};

static struct control none;
static struct control *control = &none;
static char root[PATH_MAX];
static size_t root_bytes;
#define FD_MAX 65536
static char *paths[FD_MAX];

#define REAL(ret, name, ...)             \
  static ret (*real_##name)(__VA_ARGS__); \
  if (!real_##name) real_##name = dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void start(void) {
  const char *folder = getenv("FAULT_ROOT"), *ctl = getenv("FAULT_CTL");
  if (!folder || !ctl) return;
  int (*real_open)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
  int fd = real_open(ctl, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (page == MAP_FAILED) return;
  control = page;
  strncpy(root, folder, sizeof root - 1);
  root_bytes = strlen(root);
}

static const char *absolute(const char *path, char *buffer) {
  char cwd[PATH_MAX];
  if (path[0] == '/' || !getcwd(cwd, sizeof cwd)) return path;
  int n = snprintf(buffer, PATH_MAX, "%s/%s", cwd, path);
  return n < PATH_MAX ? buffer : path;
}

static int ours(const char *path) {
  return root_bytes && !strncmp(path, root, root_bytes) && (path[root_bytes] == '/' || !path[root_bytes]);
}

static int matches(const char *path) {
  char pattern[256], *state, *part;
  strncpy(pattern, control->pattern, 255);
  pattern[255] = 0;
  int negated = pattern[0] == '!', hit = 0;
  if (!pattern[negated]) return 1;
  for (part = strtok_r(pattern + negated, "|", &state); part; part = strtok_r(0, "|", &state))
    if (strstr(path, part)) hit = 1;
  return hit != negated;
}

// 0: the call goes on. 1: it fails, errno is set. 2: it stores half.
static int fault(int class, const char *path) {
  if (!control->armed || !(control->classes & class) || !path || !matches(path)) return 0;
  int64_t n = __sync_add_and_fetch(&control->seen, 1);
  if (control->delay_us) usleep(control->delay_us);
  if (!control->error || n < control->nth || (control->count && n >= control->nth + control->count)) return 0;
  __sync_add_and_fetch(&control->fired, 1);
  strncpy(control->last, path, 255);
  if (control->torn && n == control->nth && class == WRITE) return 2;
  errno = (int)control->error;
  return 1;
}

static const char *path_of(int fd) { return fd >= 0 && fd < FD_MAX ? paths[fd] : 0; }

static int remember(int fd, const char *path) {
  if (fd >= 0 && fd < FD_MAX) paths[fd] = strdup(path);
  return fd;
}

#define OPENS(name)                                          \
  int name(const char *path, int flags, ...) {               \
    REAL(int, name, const char *, int, ...);                 \
    char buffer[PATH_MAX];                                   \
    mode_t mode = 0;                                         \
    if (flags & (O_CREAT | O_TMPFILE)) {                     \
      va_list rest;                                          \
      va_start(rest, flags);                                 \
      mode = va_arg(rest, mode_t);                           \
      va_end(rest);                                          \
    }                                                        \
    const char *full = absolute(path, buffer);               \
    if (!ours(full)) return real_##name(path, flags, mode);  \
    if (fault(OPEN, full)) return -1;                        \
    return remember(real_##name(path, flags, mode), full);   \
  }
OPENS(open)
OPENS(open64)

#define OPENS_AT(name)                                                               \
  int name(int folder, const char *path, int flags, ...) {                           \
    REAL(int, name, int, const char *, int, ...);                                    \
    char buffer[PATH_MAX];                                                           \
    mode_t mode = 0;                                                                 \
    if (flags & (O_CREAT | O_TMPFILE)) {                                             \
      va_list rest;                                                                  \
      va_start(rest, flags);                                                         \
      mode = va_arg(rest, mode_t);                                                   \
      va_end(rest);                                                                  \
    }                                                                                \
    const char *full = folder == AT_FDCWD || path[0] == '/' ? absolute(path, buffer) : ""; \
    if (!ours(full)) return real_##name(folder, path, flags, mode);                  \
    if (fault(OPEN, full)) return -1;                                                \
    return remember(real_##name(folder, path, flags, mode), full);                   \
  }
OPENS_AT(openat)
OPENS_AT(openat64)

int close(int fd) {
  REAL(int, close, int);
  if (path_of(fd)) {
    // The name goes before the number can be given out again. Another thread may still read it: it is not freed.
    paths[fd] = 0;
  }
  return real_close(fd);
}

ssize_t write(int fd, const void *bytes, size_t n) {
  REAL(ssize_t, write, int, const void *, size_t);
  int f = fault(WRITE, path_of(fd));
  if (f == 1) return -1;
  return real_write(fd, bytes, f == 2 && n > 1 ? n / 2 : n);
}

#define WRITES_AT(name)                                              \
  ssize_t name(int fd, const void *bytes, size_t n, off_t at) {      \
    REAL(ssize_t, name, int, const void *, size_t, off_t);           \
    int f = fault(WRITE, path_of(fd));                               \
    if (f == 1) return -1;                                           \
    return real_##name(fd, bytes, f == 2 && n > 1 ? n / 2 : n, at);  \
  }
WRITES_AT(pwrite)
WRITES_AT(pwrite64)

ssize_t writev(int fd, const struct iovec *parts, int n) {
  REAL(ssize_t, writev, int, const struct iovec *, int);
  return fault(WRITE, path_of(fd)) ? -1 : real_writev(fd, parts, n);
}

#define WRITES_PARTS_AT(name)                                             \
  ssize_t name(int fd, const struct iovec *parts, int n, off_t at) {      \
    REAL(ssize_t, name, int, const struct iovec *, int, off_t);           \
    return fault(WRITE, path_of(fd)) ? -1 : real_##name(fd, parts, n, at); \
  }
WRITES_PARTS_AT(pwritev)
WRITES_PARTS_AT(pwritev64)

#define READS_AT(name)                                                  \
  ssize_t name(int fd, void *bytes, size_t n, off_t at) {               \
    REAL(ssize_t, name, int, void *, size_t, off_t);                    \
    return fault(READ, path_of(fd)) ? -1 : real_##name(fd, bytes, n, at); \
  }
READS_AT(pread)
READS_AT(pread64)

#define SYNCS(name)                                                          \
  int name(int fd) {                                                         \
    REAL(int, name, int);                                                    \
    struct stat about;                                                       \
    const char *path = path_of(fd);                                          \
    if (!path || !control->armed) return real_##name(fd);                    \
    int folder = !fstat(fd, &about) && S_ISDIR(about.st_mode);               \
    return fault(folder ? FOLDER_SYNC : FSYNC, path) ? -1 : real_##name(fd); \
  }
SYNCS(fsync)
SYNCS(fdatasync)

#define TRUNCATES(name)                                                    \
  int name(int fd, off_t length) {                                         \
    REAL(int, name, int, off_t);                                           \
    return fault(TRUNCATE, path_of(fd)) ? -1 : real_##name(fd, length);    \
  }
TRUNCATES(ftruncate)
TRUNCATES(ftruncate64)

#define ALLOCATES(name)                                                         \
  int name(int fd, int mode, off_t at, off_t length) {                          \
    REAL(int, name, int, int, off_t, off_t);                                    \
    return fault(ALLOCATE, path_of(fd)) ? -1 : real_##name(fd, mode, at, length); \
  }
ALLOCATES(fallocate)
ALLOCATES(fallocate64)

// These two return the errno.
#define ALLOCATES_POSIX(name)                                                  \
  int name(int fd, off_t at, off_t length) {                                   \
    REAL(int, name, int, off_t, off_t);                                        \
    return fault(ALLOCATE, path_of(fd)) ? errno : real_##name(fd, at, length); \
  }
ALLOCATES_POSIX(posix_fallocate)
ALLOCATES_POSIX(posix_fallocate64)

static int fails(int class, const char *path) {
  char buffer[PATH_MAX];
  const char *full = absolute(path, buffer);
  return ours(full) && fault(class, full);
}

int rename(const char *from, const char *to) {
  REAL(int, rename, const char *, const char *);
  return fails(RENAME, to) ? -1 : real_rename(from, to);
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
  REAL(int, renameat2, int, const char *, int, const char *, unsigned);
  return fails(RENAME, to) ? -1 : real_renameat2(a, from, b, to, flags);
}

int link(const char *from, const char *to) {
  REAL(int, link, const char *, const char *);
  return fails(LINK, to) ? -1 : real_link(from, to);
}

int unlink(const char *path) {
  REAL(int, unlink, const char *);
  return fails(UNLINK, path) ? -1 : real_unlink(path);
}

int rmdir(const char *path) {
  REAL(int, rmdir, const char *);
  return fails(UNLINK, path) ? -1 : real_rmdir(path);
}

int mkdir(const char *path, mode_t mode) {
  REAL(int, mkdir, const char *, mode_t);
  return fails(MKDIR, path) ? -1 : real_mkdir(path, mode);
}

#define MAPS(name)                                                                              \
  void *name(void *at, size_t n, int protection, int flags, int fd, off_t from) {               \
    REAL(void *, name, void *, size_t, int, int, int, off_t);                                   \
    return fault(MMAP, path_of(fd)) ? MAP_FAILED : real_##name(at, n, protection, flags, fd, from); \
  }
MAPS(mmap)
MAPS(mmap64)
