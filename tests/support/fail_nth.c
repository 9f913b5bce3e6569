// Lets a chosen call of the C library fail, in any program: LD_PRELOAD=libfail_nth.so. For tests/cli/faults.bats.
//
//   FAIL_WHAT    write (write, pwrite, writev and what copies within the kernel), sync (fsync, fdatasync, syncfs), rename (also
//                link), open (files that are opened to be written), memory (malloc and its like)
//   FAIL_NTH     the number of the call that fails, from 1; 0: none, they are only counted
//   FAIL_ON      1: so do all after it, as on a disk that is full
//   FAIL_ERRNO   ENOSPC, EIO, EDQUOT; memory always says ENOMEM
//   FAIL_SHORT   1: half of what a failing write was given is written; the next one fails
//   FAIL_UNDER   only files below this folder count; not for memory
//   FAIL_REPORT  a file that gets "<calls counted> <failed>" when the program ends
//
// Counted from main() on: what fails before it is the loader's business. Calls of all threads are counted together. What glibc calls
// by itself, such as open() within fopen(), is not seen.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum What { k_nothing, k_write, k_sync, k_rename, k_open, k_memory };

static enum What s_what = k_nothing;
static long s_nth = 0;
static int s_goes_on = 0, s_is_short = 0, s_errno = ENOSPC;
static char const* s_under = NULL;
static size_t s_under_length = 0;
static char const* s_report = NULL;
static atomic_int s_is_armed = 0;
static atomic_long s_calls = 0, s_failed = 0;

// The doors of glibc behind the names that are taken here.
extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);
extern void* __libc_memalign(size_t, size_t);

/// Whether this call is the one.
static int fails(void) {
    long const number = atomic_fetch_add(&s_calls, 1) + 1;
    if (s_nth == 0 || !(number == s_nth || (s_goes_on && number > s_nth))) return 0;
    atomic_fetch_add(&s_failed, 1);
    return 1;
}

static int is_under(char const* path) {
    return s_under == NULL || (strncmp(path, s_under, s_under_length) == 0 &&
                               (path[s_under_length] == '/' || path[s_under_length] == '\0'));
}

/// As the kernel names it: absolute, links resolved. " (deleted)" at the end does not matter.
static int is_file_under(int fd) {
    char link[64], path[4096];
    if (s_under == NULL) return 1;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t const length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = '\0';
    return is_under(path);
}

/// A relative path is taken for one below the folder: the tests name files absolutely.
static int is_path_under(char const* path) {
    return path != NULL && (path[0] != '/' || is_under(path));
}

static int fails_at(enum What what, int fd) {
    return atomic_load(&s_is_armed) && s_what == what && is_file_under(fd) && fails();
}

static long refuse(void) {
    errno = s_errno;
    return -1;
}

/// How much of a write that fails is written: 0 = it is refused.
static size_t part_of(size_t size) {
    return s_is_short && size > 1 && (s_goes_on == 0 || atomic_load(&s_failed) == 1) ? size / 2 : 0;
}

ssize_t write(int fd, void const* data, size_t size) {
    if (fails_at(k_write, fd) && (size = part_of(size)) == 0) return refuse();
    return syscall(SYS_write, fd, data, size);
}

ssize_t pwrite64(int fd, void const* data, size_t size, off64_t at) {
    if (fails_at(k_write, fd) && (size = part_of(size)) == 0) return refuse();
    return syscall(SYS_pwrite64, fd, data, size, at);
}

ssize_t pwrite(int fd, void const* data, size_t size, off_t at) {
    return pwrite64(fd, data, size, at);
}

ssize_t writev(int fd, struct iovec const* parts, int count) {
    if (fails_at(k_write, fd)) return refuse();
    return syscall(SYS_writev, fd, parts, count);
}

ssize_t copy_file_range(int from, off64_t* from_at, int to, off64_t* to_at, size_t size, unsigned flags) {
    if (fails_at(k_write, to)) return refuse();
    return syscall(SYS_copy_file_range, from, from_at, to, to_at, size, flags);
}

ssize_t sendfile64(int to, int from, off64_t* at, size_t size) {
    if (fails_at(k_write, to)) return refuse();
    return syscall(SYS_sendfile, to, from, at, size);
}

ssize_t sendfile(int to, int from, off_t* at, size_t size) {
    return sendfile64(to, from, at, size);
}

int ftruncate64(int fd, off64_t size) {
    if (fails_at(k_write, fd)) return (int)refuse();
    return (int)syscall(SYS_ftruncate, fd, size);
}

int ftruncate(int fd, off_t size) {
    return ftruncate64(fd, size);
}

int fsync(int fd) {
    if (fails_at(k_sync, fd)) return (int)refuse();
    return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd) {
    if (fails_at(k_sync, fd)) return (int)refuse();
    return (int)syscall(SYS_fdatasync, fd);
}

int syncfs(int fd) {
    if (fails_at(k_sync, fd)) return (int)refuse();
    return (int)syscall(SYS_syncfs, fd);
}

static int fails_to(enum What what, char const* path) {
    return atomic_load(&s_is_armed) && s_what == what && is_path_under(path) && fails();
}

int rename(char const* from, char const* to) {
    if (fails_to(k_rename, to)) return (int)refuse();
    return (int)syscall(SYS_rename, from, to);
}

int renameat(int from_folder, char const* from, int to_folder, char const* to) {
    if (fails_to(k_rename, to)) return (int)refuse();
    return (int)syscall(SYS_renameat, from_folder, from, to_folder, to);
}

int renameat2(int from_folder, char const* from, int to_folder, char const* to, unsigned flags) {
    if (fails_to(k_rename, to)) return (int)refuse();
    return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}

int link(char const* from, char const* to) {
    if (fails_to(k_rename, to)) return (int)refuse();
    return (int)syscall(SYS_link, from, to);
}

int mkdir(char const* path, mode_t mode) {
    if (fails_to(k_open, path)) return (int)refuse();
    return (int)syscall(SYS_mkdir, path, mode);
}

static int open_at(int folder, char const* path, int flags, mode_t mode) {
    int const is_for_writing = (flags & O_ACCMODE) != O_RDONLY;
    if (is_for_writing && fails_to(k_open, path)) return (int)refuse();
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

static mode_t mode_of(int flags, va_list arguments) {
    return (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

int open(char const* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t const mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_at(AT_FDCWD, path, flags, mode);
}

int open64(char const* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t const mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int folder, char const* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t const mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_at(folder, path, flags, mode);
}

static int has_no_memory(void) {
    if (!atomic_load(&s_is_armed) || s_what != k_memory || !fails()) return 0;
    errno = ENOMEM;
    return 1;
}

void* malloc(size_t size) {
    return has_no_memory() ? NULL : __libc_malloc(size);
}

void* calloc(size_t count, size_t size) {
    return has_no_memory() ? NULL : __libc_calloc(count, size);
}

void* realloc(void* old, size_t size) {
    return has_no_memory() ? NULL : __libc_realloc(old, size);
}

void* memalign(size_t alignment, size_t size) {
    return has_no_memory() ? NULL : __libc_memalign(alignment, size);
}

void* aligned_alloc(size_t alignment, size_t size) {
    return memalign(alignment, size);
}

int posix_memalign(void** place, size_t alignment, size_t size) {
    void* const made = memalign(alignment, size);
    if (made == NULL) return ENOMEM;
    *place = made;
    return 0;
}

static void read_environment(void) {
    char const* const what = getenv("FAIL_WHAT");
    char const* const names[] = {"write", "sync", "rename", "open", "memory"};
    for (size_t i = 0; what != NULL && i < sizeof names / sizeof *names; ++i) {
        if (strcmp(what, names[i]) == 0) s_what = (enum What)(i + 1);
    }
    char const* const nth = getenv("FAIL_NTH");
    char const* const error = getenv("FAIL_ERRNO");
    char const* const flag_on = getenv("FAIL_ON");
    char const* const flag_short = getenv("FAIL_SHORT");
    s_nth = nth != NULL ? strtol(nth, NULL, 10) : 0;
    s_goes_on = flag_on != NULL && *flag_on == '1';
    s_is_short = flag_short != NULL && *flag_short == '1';
    if (error != NULL && strcmp(error, "EIO") == 0) s_errno = EIO;
    if (error != NULL && strcmp(error, "EDQUOT") == 0) s_errno = EDQUOT;
    s_under = getenv("FAIL_UNDER");
    s_under_length = s_under != NULL ? strlen(s_under) : 0;
    s_report = getenv("FAIL_REPORT");
}

static void write_report(void) {
    atomic_store(&s_is_armed, 0);
    if (s_report == NULL) return;
    char text[64];
    int const size = snprintf(text, sizeof text, "%ld %ld\n", atomic_load(&s_calls), atomic_load(&s_failed));
    int const fd = (int)syscall(SYS_openat, AT_FDCWD, s_report, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || syscall(SYS_write, fd, text, (size_t)size) != size) abort();
    syscall(SYS_close, fd);
}

static int (*s_main)(int, char**, char**);

static int counted_main(int argc, char** argv, char** envp) {
    atomic_store(&s_is_armed, 1);
    int const status = s_main(argc, argv, envp);
    write_report();
    return status;
}

/// Children, such as programs that a target runs, are not meant.
static void forget_preload(void) {
    unsetenv("LD_PRELOAD");
}

int __libc_start_main(int (*main)(int, char**, char**), int argc, char** argv, void (*init)(void), void (*fini)(void),
                      void (*rtld_fini)(void), void* stack_end) {
    int (*start)(int (*)(int, char**, char**), int, char**, void (*)(void), void (*)(void), void (*)(void), void*) = NULL;
    *(void**)&start = dlsym(RTLD_NEXT, "__libc_start_main");
    read_environment();
    forget_preload();
    s_main = main;
    return start(counted_main, argc, argv, init, fini, rtld_fini, stack_end);
}
