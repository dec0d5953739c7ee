// What the load generator and the fake upstream share: clock, socket options, growing buffer.
#pragma once
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// Nanoseconds of CLOCK_MONOTONIC. Both programs run on one machine, so their clocks are the same one.
static inline uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static inline void no_delay(int fd) {
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

static inline void non_blocking(int fd) {
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static inline void *must(void *p) {
    if (!p) {
        perror("out of memory");
        exit(1);
    }
    return p;
}

// A peer that goes away is a counted error, not a signal; 1,000 streams need more than the usual 1,024 descriptors.
static inline void prepare_process(void) {
    signal(SIGPIPE, SIG_IGN);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

// Bytes that grow at the end.
typedef struct {
    char *at;
    int length, capacity;
} bytes;

static inline void append(bytes *b, const char *from, int n) {
    if (b->length + n > b->capacity) {
        b->capacity = (b->length + n) * 2;
        b->at = must(realloc(b->at, (size_t)b->capacity));
    }
    memcpy(b->at + b->length, from, (size_t)n);
    b->length += n;
}
