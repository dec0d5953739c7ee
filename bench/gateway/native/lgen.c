// Load generator of the bench. One JSON line a target on stdout; times in microseconds.
//
//   lgen lat -b BODY -n REQUESTS -r ROUNDS -w WARM-UP name=port/path ...
//       One connection a target, kept open. In each round every target gets a turn of REQUESTS requests, in a new random order,
//       so that whatever else the machine does falls on all targets alike. "turns" holds each turn's median: pair them by index.
//   lgen rps -b BODY -c CONNECTIONS -d SECONDS name=port/path
//       Closed loop; "requests" counts all that were answered, for CPU time a request.
//   lgen sse -b BODY -c STREAMS -r REPEATS -e EVENTS name=port/path
//       STREAMS at a time, each REPEATS times: time to the first byte, delay of every event, lost and disordered events.
#include "http1.h"
#include "samples.h"

enum { MOST_TARGETS = 16, DROPPED_REQUESTS = 2, MOST_ERRORS = 1000 };

typedef struct {
    char name[64], path[256];
    int port;
    bytes request;
} target;

static target targets[MOST_TARGETS];
static int target_count;
static char receive_buffer[1 << 18];

static int connect_to(int port) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(fd, (void *)&address, sizeof address)) {
        close(fd);
        return -1;
    }
    no_delay(fd);
    return fd;
}

static void add_target(const char *text, const bytes *body) {
    target *t = &targets[target_count];
    if (target_count == MOST_TARGETS || sscanf(text, "%63[^=]=%d%255s", t->name, &t->port, t->path) != 3) {
        fprintf(stderr, "lgen: bad target %s, want name=port/path\n", text);
        exit(2);
    }
    target_count++;
    char head[1024];
    int n =
        snprintf(head, sizeof head,
                 "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nanthropic-version: 2023-06-01\r\n"
                 "x-api-key: sk-ant-bench-0000\r\nUser-Agent: gateway-bench/1\r\nAccept: application/json\r\nContent-Length: %d\r\n\r\n",
                 t->path, t->port, body->length);
    append(&t->request, head, n);
    append(&t->request, body->at, body->length);
}

// ---- lat ----

// One request on a blocking connection. 0: answered; 1: answered and closed; -1: failed.
static int exchange(int fd, const target *t, uint64_t *taken) {
    static http_message response;
    http_reset(&response);
    uint64_t begin = now_ns();
    for (int at = 0; at < t->request.length;) {
        ssize_t n = send(fd, t->request.at + at, (size_t)(t->request.length - at), MSG_NOSIGNAL);
        if (n <= 0) {
            return -1;
        }
        at += (int)n;
    }
    while (response.state != DONE) {
        ssize_t n = recv(fd, receive_buffer, sizeof receive_buffer, 0);
        if (n == 0 && response.state == BODY_CLOSE) {
            response.keep_alive = 0;
            break;
        }
        if (n <= 0 || http_feed(&response, receive_buffer, (int)n, 0, NULL, NULL) < 0) {
            return -1;
        }
    }
    *taken = now_ns() - begin;
    return response.status != 200 ? -1 : !response.keep_alive;
}

static void shuffle(int *order, int n) {
    for (int i = 0; i < n; i++) {
        order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
        int j = rand() % (i + 1), t = order[i];
        order[i] = order[j];
        order[j] = t;
    }
}

static void measure_latency(int requests, int rounds, int warm_up) {
    int fds[MOST_TARGETS], errors[MOST_TARGETS] = {0}, order[MOST_TARGETS];
    samples all[MOST_TARGETS] = {0}, turn = {0};
    double *medians = must(calloc((size_t)(rounds * target_count + 1), sizeof *medians));
    memset(fds, -1, sizeof fds);
    srand(7);
    for (int round = -1; round < rounds; round++) { // round -1 warms up
        shuffle(order, target_count);
        for (int k = 0; k < target_count; k++) {
            int i = order[k], count = DROPPED_REQUESTS + (round < 0 ? warm_up : requests);
            turn.count = 0;
            for (int q = 0; q < count && errors[i] < MOST_ERRORS; q++) {
                uint64_t taken = 0;
                fds[i] = fds[i] < 0 ? connect_to(targets[i].port) : fds[i];
                int result = fds[i] < 0 ? -1 : exchange(fds[i], &targets[i], &taken);
                if (result && fds[i] >= 0) {
                    close(fds[i]);
                    fds[i] = -1;
                }
                if (result < 0) {
                    errors[i]++;
                } else if (round >= 0 && q >= DROPPED_REQUESTS) { // the first of a turn find the processor's caches cold
                    sample(&turn, taken);
                    sample(&all[i], taken);
                }
            }
            if (round >= 0) {
                samples_sort(&turn);
                medians[i * rounds + round] = percentile(&turn, .50);
            }
        }
    }
    for (int i = 0; i < target_count; i++) {
        printf("{\"name\":\"%s\",\"errors\":%d,\"turns\":[", targets[i].name, errors[i]);
        for (int round = 0; round < rounds; round++) {
            printf("%s%.2f", round ? "," : "", medians[i * rounds + round]);
        }
        printf("],");
        samples_print("us", &all[i]);
        printf("}\n");
    }
}

// ---- rps and sse: many connections on one epoll ----

typedef struct {
    int fd, sent, wants_write, got_byte, events, repeats_left, carried;
    uint64_t begin, last_stamp;
    char carry[32]; // the start of a time stamp that a read cut in two
    http_message response;
} client;

static int epoll_fd, is_sse, expected_events;
static samples latency, first_byte, delay;
static long answered, errors, events_seen, lost, disordered;
static uint64_t read_at;

static void want_write(client *c, int wanted) {
    if (c->wants_write != wanted) {
        c->wants_write = wanted;
        struct epoll_event e = {.events = EPOLLIN | (wanted ? EPOLLOUT : 0), .data.ptr = c};
        epoll_ctl(epoll_fd, EPOLL_CTL_MOD, c->fd, &e);
    }
}

static int send_rest(client *c) {
    const bytes *request = &targets[0].request;
    while (c->sent < request->length) {
        ssize_t n = send(c->fd, request->at + c->sent, (size_t)(request->length - c->sent), MSG_NOSIGNAL);
        if (n < 0) {
            if (errno != EAGAIN) {
                return -1;
            }
            want_write(c, 1);
            return 0;
        }
        c->sent += (int)n;
    }
    want_write(c, 0);
    return 0;
}

// Begins the next request, connecting where needed; the connect is not part of what is timed.
static int begin_request(client *c) {
    if (c->fd < 0) {
        c->fd = connect_to(targets[0].port);
        if (c->fd < 0) {
            return -1;
        }
        non_blocking(c->fd);
        c->wants_write = 0;
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &e);
    }
    http_reset(&c->response);
    c->sent = c->got_byte = c->carried = c->events = 0;
    c->last_stamp = 0;
    c->begin = now_ns();
    return send_rest(c);
}

// Finds the "@T…@" stamps in the bytes of a stream, also where a read ends inside one.
static void stream_seen(void *user, const char *from, int n) {
    enum { STAMP = 22 };
    static char text[sizeof receive_buffer + 64];
    client *c = user;
    memcpy(text, c->carry, (size_t)c->carried);
    memcpy(text + c->carried, from, (size_t)n);
    int length = c->carried + n;
    c->carried = 0;
    for (char *p = memchr(text, '@', (size_t)length); p;) {
        int left = length - (int)(p - text);
        if (left < STAMP) {
            c->carried = left;
            memcpy(c->carry, p, (size_t)left);
            return;
        }
        int step = 1;
        if (p[1] == 'T' && p[STAMP - 1] == '@') {
            uint64_t stamp = strtoull(p + 2, NULL, 10);
            disordered += stamp < c->last_stamp;
            c->last_stamp = stamp;
            c->events++;
            events_seen++;
            sample(&delay, read_at > stamp ? read_at - stamp : 0);
            step = STAMP;
        }
        p = left > step ? memchr(p + step, '@', (size_t)(left - step)) : NULL;
    }
}

// Reads what has arrived; -1 when the connection failed. A finished response leaves the state DONE.
static int on_readable(client *c) {
    for (;;) {
        ssize_t n = recv(c->fd, receive_buffer, sizeof receive_buffer, 0);
        read_at = now_ns();
        if (n < 0) {
            return errno == EAGAIN ? 0 : -1;
        }
        if (n == 0) {
            if (c->response.state != BODY_CLOSE) {
                return -1;
            }
            c->response.state = DONE;
            c->response.keep_alive = 0;
            return 0;
        }
        if (!c->got_byte) {
            c->got_byte = 1;
            sample(&first_byte, read_at - c->begin);
        }
        if (http_feed(&c->response, receive_buffer, (int)n, 0, is_sse ? stream_seen : NULL, c) < 0) {
            return -1;
        }
        if (c->response.state == DONE || n < (ssize_t)sizeof receive_buffer) {
            return 0;
        }
    }
}

// Books a finished request and begins the next; 0 when this client has no more to do.
static int finished(client *c, int failed) {
    if (failed || c->response.status != 200) {
        errors++;
    } else {
        answered++;
        sample(&latency, read_at - c->begin);
    }
    if (is_sse) {
        lost += expected_events - c->events;
    }
    int over = errors > MOST_ERRORS || (is_sse && --c->repeats_left <= 0);
    if (failed || over || !c->response.keep_alive) {
        close(c->fd);
        c->fd = -1;
    }
    if (over) {
        return 0;
    }
    if (begin_request(c)) {
        errors++;
        return 0;
    }
    return 1;
}

static void run_many(int connections, double seconds, int repeats) {
    epoll_fd = epoll_create1(0);
    client *clients = must(calloc((size_t)connections, sizeof *clients));
    uint64_t begin = now_ns(), limit = begin + (uint64_t)((is_sse ? 180 : seconds) * 1e9);
    int active = 0;
    for (int i = 0; i < connections; i++) {
        clients[i].fd = -1;
        clients[i].repeats_left = repeats;
        if (begin_request(&clients[i])) {
            errors++;
        } else {
            active++;
        }
    }
    struct epoll_event ready[512];
    while (active && now_ns() < limit) {
        int n = epoll_wait(epoll_fd, ready, 512, 200);
        for (int i = 0; i < n; i++) {
            client *c = ready[i].data.ptr;
            int failed = (ready[i].events & EPOLLOUT) && send_rest(c) < 0;
            if (!failed && (ready[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))) {
                failed = on_readable(c) < 0;
            }
            if (failed || c->response.state == DONE) {
                active -= !finished(c, failed);
            }
        }
    }
    if (is_sse) { // what is still open after three minutes counts as failed
        errors += active;
    }
    double elapsed = (double)(now_ns() - begin) / 1e9;
    printf("{\"name\":\"%s\",\"connections\":%d,\"requests\":%ld,\"errors\":%ld,\"seconds\":%.3f,", targets[0].name, connections, answered,
           errors, elapsed);
    samples_print("latency_us", &latency);
    printf(",");
    samples_print("first_byte_us", &first_byte);
    if (is_sse) {
        printf(",\"events\":%ld,\"lost\":%ld,\"disordered\":%ld,", events_seen, lost, disordered);
        samples_print("delay_us", &delay);
    }
    printf("}\n");
}

static void read_file(const char *path, bytes *into) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(2);
    }
    for (size_t n; (n = fread(receive_buffer, 1, sizeof receive_buffer, file)) > 0;) {
        append(into, receive_buffer, (int)n);
    }
    fclose(file);
}

int main(int argc, char **argv) {
    prepare_process();
    const char *mode = argc > 1 ? argv[1] : "", *body_path = NULL;
    int requests = 100, rounds = 10, warm_up = 200, connections = 1, option;
    double seconds = 3;
    optind = 2;
    while ((option = getopt(argc, argv, "b:n:r:w:c:d:e:")) != -1) {
        switch (option) {
        case 'b':
            body_path = optarg;
            break;
        case 'n':
            requests = atoi(optarg);
            break;
        case 'r':
            rounds = atoi(optarg);
            break;
        case 'w':
            warm_up = atoi(optarg);
            break;
        case 'c':
            connections = atoi(optarg);
            break;
        case 'd':
            seconds = atof(optarg);
            break;
        case 'e':
            expected_events = atoi(optarg);
            break;
        default:
            return 2;
        }
    }
    is_sse = !strcmp(mode, "sse");
    int is_latency = !strcmp(mode, "lat");
    if (!body_path || optind >= argc || !(is_sse || is_latency || !strcmp(mode, "rps"))) {
        fprintf(stderr, "usage: lgen lat|rps|sse -b BODY [options] name=port/path ... (options: see lgen.c)\n");
        return 2;
    }
    bytes body = {0};
    read_file(body_path, &body);
    for (int i = optind; i < argc; i++) {
        add_target(argv[i], &body);
    }
    if (is_latency) {
        measure_latency(requests, rounds, warm_up);
    } else {
        run_many(connections, seconds, rounds);
    }
    return 0;
}
