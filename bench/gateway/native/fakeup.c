// Fake Messages API for the bench: one epoll thread that answers with one JSON message, or with a paced event stream where
// the body says "stream":true. It does as little as it can, so that what is measured is the gateway in front of it.
//
//   fakeup PORT                        listens on 127.0.0.1; prints "ready" once it does
//   GET /ctl?n=200&us=5000&pad=24      events a stream, microseconds between events, filler bytes an event
//   GET /ctl?keep=1                    keeps the bytes of the next POST body, for GET /body (costs a copy: off while measuring)
//
// Every delta carries "@T<19 digits>@", the time at which it was made, from which the load generator takes the event's delay.
#include "http1.h"
#include "replies.h"

typedef struct {
    int fd, wants_write, streaming, closing;
    http_message request;
    char first[2048], last[1024]; // both ends of the body: "stream" stands in one of them
    int first_length, last_length;
    bytes out;
    int out_sent, events_left, heap_index;
    uint64_t due;
} connection;

static int epoll_fd, events_a_stream = 200, filler_bytes = 24, keep_body;
static uint64_t event_interval_us = 5000;
static bytes kept;

// Streams by the time at which their next event is due: a binary heap.
static connection **heap;
static int heap_size, heap_capacity;

static void heap_swap(int a, int b) {
    connection *t = heap[a];
    heap[a] = heap[b];
    heap[b] = t;
    heap[a]->heap_index = a;
    heap[b]->heap_index = b;
}

static void heap_up(int i) {
    while (i && heap[(i - 1) / 2]->due > heap[i]->due) {
        heap_swap(i, (i - 1) / 2);
        i = (i - 1) / 2;
    }
}

static void heap_down(int i) {
    for (;;) {
        int left = 2 * i + 1, least = i;
        if (left < heap_size && heap[left]->due < heap[least]->due) {
            least = left;
        }
        if (left + 1 < heap_size && heap[left + 1]->due < heap[least]->due) {
            least = left + 1;
        }
        if (least == i) {
            return;
        }
        heap_swap(i, least);
        i = least;
    }
}

static void heap_push(connection *c) {
    if (heap_size == heap_capacity) {
        heap_capacity = heap_capacity ? heap_capacity * 2 : 256;
        heap = must(realloc(heap, (size_t)heap_capacity * sizeof *heap));
    }
    heap[heap_size] = c;
    c->heap_index = heap_size;
    heap_up(heap_size++);
}

static void heap_remove(connection *c) {
    int i = c->heap_index;
    if (i < 0) {
        return;
    }
    heap_size--;
    if (i != heap_size) {
        heap_swap(i, heap_size);
        heap_up(i);
        heap_down(i);
    }
    c->heap_index = -1;
}

static void want_write(connection *c, int wanted) {
    if (c->wants_write != wanted) {
        c->wants_write = wanted;
        struct epoll_event e = {.events = EPOLLIN | (wanted ? EPOLLOUT : 0), .data.ptr = c};
        epoll_ctl(epoll_fd, EPOLL_CTL_MOD, c->fd, &e);
    }
}

static void drop(connection *c) {
    heap_remove(c);
    close(c->fd);
    free(c->out.at);
    free(c);
}

// Sends what is waiting; -1 when the connection is over.
static int flush(connection *c) {
    while (c->out_sent < c->out.length) {
        ssize_t sent = send(c->fd, c->out.at + c->out_sent, (size_t)(c->out.length - c->out_sent), MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno != EAGAIN) {
                return -1;
            }
            want_write(c, 1);
            return 0;
        }
        c->out_sent += (int)sent;
    }
    c->out.length = c->out_sent = 0;
    want_write(c, 0);
    return c->closing && !c->streaming ? -1 : 0;
}

// One SSE event as one chunk, which is how the API sends them.
static void event(connection *c, const char *name, const char *json) {
    char text[1400], size[16];
    int n = snprintf(text, sizeof text, "event: %s\ndata: %s\n\n", name, json);
    append(&c->out, size, sprintf(size, "%x\r\n", n));
    append(&c->out, text, n);
    append(&c->out, "\r\n", 2);
}

// Sends the next event of a stream, or its end.
static int step(connection *c) {
    if (c->events_left > 0) {
        static char filler[512];
        if (!filler[0]) {
            memset(filler, 'x', sizeof filler - 1);
        }
        char json[700];
        snprintf(json, sizeof json,
                 "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"@T%019llu@ %.*s\"}}",
                 (unsigned long long)now_ns(), filler_bytes, filler);
        event(c, "content_block_delta", json);
        c->events_left--;
        c->due += event_interval_us * 1000;
        return flush(c);
    }
    event(c, "content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}");
    event(c, "message_delta", message_delta_json);
    event(c, "message_stop", "{\"type\":\"message_stop\"}");
    append(&c->out, "0\r\n\r\n", 5);
    c->streaming = 0;
    heap_remove(c);
    return flush(c);
}

static int begin_stream(connection *c) {
    append(&c->out, stream_head, (int)sizeof stream_head - 1);
    event(c, "message_start", message_start_json);
    event(c, "content_block_start", block_start_json);
    event(c, "ping", "{\"type\":\"ping\"}");
    c->streaming = 1;
    c->events_left = events_a_stream;
    c->due = now_ns() + event_interval_us * 1000;
    if (flush(c) < 0) {
        return -1;
    }
    heap_push(c);
    return 0;
}

static int reply(connection *c, const char *type, const char *body, int n) {
    char head[400];
    int length = snprintf(head, sizeof head,
                          "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\nrequest-id: req_bench\r\n"
                          "anthropic-organization-id: org-bench\r\nanthropic-ratelimit-requests-remaining: 999\r\n\r\n",
                          type, n);
    append(&c->out, head, length);
    append(&c->out, body, n);
    return flush(c);
}

static int asks_for_stream(const char *text) {
    const char *p = strstr(text, "\"stream\"");
    if (!p) {
        return 0;
    }
    p += 8;
    while (*p == ' ' || *p == ':') {
        p++;
    }
    return !strncmp(p, "true", 4);
}

static long long query(const char *head, const char *name, long long otherwise) {
    const char *p = strpbrk(head, "?\r");
    while (p && (*p == '?' || *p == '&')) {
        p++;
        size_t n = strlen(name);
        if (!strncmp(p, name, n) && p[n] == '=') {
            return atoll(p + n + 1);
        }
        p = strpbrk(p, "& ");
    }
    return otherwise;
}

// Answers a complete request.
static int handle(connection *c) {
    const char *head = c->request.head;
    c->closing = !c->request.keep_alive;
    if (!strncmp(head, "GET /ctl?", 9)) {
        events_a_stream = (int)query(head, "n", events_a_stream);
        event_interval_us = (uint64_t)query(head, "us", (long long)event_interval_us);
        filler_bytes = (int)query(head, "pad", filler_bytes);
        keep_body = (int)query(head, "keep", 0);
        return reply(c, "text/plain", "ok\n", 3);
    }
    if (!strncmp(head, "GET /body ", 10)) {
        return reply(c, "application/json", kept.at, kept.length);
    }
    if (asks_for_stream(c->first) || asks_for_stream(c->last)) {
        return begin_stream(c);
    }
    return reply(c, "application/json", message_json, (int)sizeof message_json - 1);
}

// Remembers both ends of the body, and all of it when asked to.
static void body_seen(void *user, const char *from, int n) {
    connection *c = user;
    if (keep_body) {
        kept.length = c->request.body ? kept.length : 0;
        append(&kept, from, n);
    }
    int room = (int)sizeof c->first - 1 - c->first_length, take = n < room ? n : room;
    memcpy(c->first + c->first_length, from, (size_t)take);
    c->first_length += take;
    c->first[c->first_length] = 0;

    int limit = (int)sizeof c->last - 1;
    if (n >= limit) {
        memcpy(c->last, from + n - limit, (size_t)limit);
        c->last_length = limit;
    } else {
        int excess = c->last_length + n - limit;
        if (excess > 0) {
            memmove(c->last, c->last + excess, (size_t)(c->last_length - excess));
            c->last_length -= excess;
        }
        memcpy(c->last + c->last_length, from, (size_t)n);
        c->last_length += n;
    }
    c->last[c->last_length] = 0;
}

static void next_request(connection *c) {
    http_reset(&c->request);
    c->first_length = c->last_length = 0;
    c->first[0] = c->last[0] = 0;
}

// Reads all that has arrived; -1 when the connection is over.
static int on_readable(connection *c) {
    static char buffer[262144];
    for (;;) {
        ssize_t n = recv(c->fd, buffer, sizeof buffer, 0);
        if (n == 0) {
            return -1;
        }
        if (n < 0) {
            return errno == EAGAIN ? 0 : -1;
        }
        for (int at = 0; at < n;) {
            int had_head = c->request.state != HEAD;
            int taken = http_feed(&c->request, buffer + at, (int)n - at, 1, body_seen, c);
            if (taken < 0) {
                return -1;
            }
            at += taken;
            if (!had_head && c->request.state != HEAD && strcasestr(c->request.head, "\nexpect: 100")) {
                append(&c->out, "HTTP/1.1 100 Continue\r\n\r\n", 25);
                if (flush(c) < 0) {
                    return -1;
                }
            }
            if (c->request.state == DONE) {
                if (handle(c) < 0) {
                    return -1;
                }
                next_request(c);
            }
        }
        if (n < (ssize_t)sizeof buffer) {
            return 0;
        }
    }
}

static void accept_all(int listener) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (fd < 0) {
            return;
        }
        no_delay(fd);
        connection *c = must(calloc(1, sizeof *c));
        c->fd = fd;
        c->heap_index = -1;
        next_request(c);
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &e);
    }
}

// Waits for sockets, but no longer than until the next event is due (to the nanosecond where the kernel can).
static int wait_for_events(struct epoll_event *events, int most) {
    struct timespec span, *until = NULL;
    if (heap_size) {
        uint64_t now = now_ns(), left = heap[0]->due > now ? heap[0]->due - now : 0;
        span.tv_sec = (time_t)(left / 1000000000ull);
        span.tv_nsec = (long)(left % 1000000000ull);
        until = &span;
    }
    int n = epoll_pwait2(epoll_fd, events, most, until, NULL);
    if (n < 0 && errno == ENOSYS) {
        n = epoll_wait(epoll_fd, events, most, until ? (int)(span.tv_sec * 1000 + (span.tv_nsec + 999999) / 1000000) : -1);
    }
    return n;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: fakeup PORT\n");
        return 2;
    }
    prepare_process();
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (void *)&address, sizeof address) || listen(listener, 4096)) {
        perror("fakeup");
        return 1;
    }
    non_blocking(listener);
    epoll_fd = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &e);
    puts("ready");
    fflush(stdout);

    static struct epoll_event events[512];
    for (;;) {
        int n = wait_for_events(events, 512);
        for (int i = 0; i < n; i++) {
            connection *c = events[i].data.ptr;
            if (!c) {
                accept_all(listener);
                continue;
            }
            int over = (events[i].events & EPOLLOUT) && flush(c) < 0;
            if (!over && (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))) {
                over = on_readable(c) < 0;
            }
            if (over) {
                drop(c);
            }
        }
        for (uint64_t now = now_ns(); heap_size && heap[0]->due <= now;) {
            connection *c = heap[0];
            if (step(c) < 0) {
                drop(c);
            } else if (c->heap_index >= 0) {
                heap_down(c->heap_index);
            }
        }
    }
}
