// Incremental reader of one HTTP/1.1 message (RFC 9112): head, then a body by length, by chunks, or until close.
// Enough for the two ends of the bench; it refuses what it does not understand and validates nothing else.
#pragma once
#include "common.h"

enum { HEAD, BODY_LENGTH, CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILER, BODY_CLOSE, DONE };

typedef struct {
    int state;
    char head[16384];
    int head_length;
    int64_t left; // bytes left in a body of known length, or in the chunk
    int in_extension, trailer_length;
    int status;     // of a response
    int keep_alive; // whether another message may follow on this connection
    int64_t body;   // body bytes seen
} http_message;

typedef void (*on_body)(void *user, const char *from, int n);

static inline void http_reset(http_message *m) {
    m->state = HEAD;
    m->head_length = 0;
    m->left = 0;
    m->in_extension = 0;
    m->trailer_length = 0;
    m->status = 0;
    m->keep_alive = 1;
    m->body = 0;
}

// Value of the first header of that name, up to the end of the head; NULL where there is none.
static inline const char *http_header(const char *head, const char *name) {
    size_t n = strlen(name);
    for (const char *p = strchr(head, '\n'); p; p = strchr(p, '\n')) {
        p++;
        if (!strncasecmp(p, name, n) && p[n] == ':') {
            p += n + 1;
            while (*p == ' ') {
                p++;
            }
            return p;
        }
    }
    return NULL;
}

static inline int hex_digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// Decides, once the head is complete, how the body is delimited.
static inline void http_head_complete(http_message *m, int is_request) {
    const char *connection = http_header(m->head, "connection");
    const char *encoding = http_header(m->head, "transfer-encoding");
    const char *length = http_header(m->head, "content-length");
    if (connection && !strncasecmp(connection, "close", 5)) {
        m->keep_alive = 0;
    }
    if (encoding && !strncasecmp(encoding, "chunked", 7)) {
        m->state = CHUNK_SIZE;
        m->left = 0;
    } else if (length) {
        m->left = atoll(length);
        m->state = m->left ? BODY_LENGTH : DONE;
    } else {
        m->state = is_request || m->status == 204 ? DONE : BODY_CLOSE;
    }
}

// Takes as much of the head as there is; returns the bytes taken, -1 when the head is too long.
static inline int http_feed_head(http_message *m, const char *from, int n, int is_request) {
    int start = m->head_length, take = n, room = (int)sizeof m->head - 1 - start;
    if (take > room) {
        take = room;
    }
    if (take <= 0) {
        return -1;
    }
    memcpy(m->head + start, from, (size_t)take);
    m->head[start + take] = 0;
    char *end = strstr(m->head + (start > 3 ? start - 3 : 0), "\r\n\r\n");
    if (!end) {
        m->head_length += take;
        return take;
    }
    int total = (int)(end - m->head) + 4;
    m->head[total] = 0;
    m->head_length = total;
    if (!is_request) {
        m->status = atoi(m->head + 9);
        if (m->status == 100) { // an interim response: the real one follows
            m->head_length = 0;
            return total - start;
        }
    }
    http_head_complete(m, is_request);
    return total - start;
}

// Feeds n bytes and hands body bytes to the callback; returns the bytes taken (fewer where the message ended), -1 on a bad one.
static inline int http_feed(http_message *m, const char *from, int n, int is_request, on_body callback, void *user) {
    int i = 0;
    while (i < n && m->state != DONE) {
        switch (m->state) {
        case HEAD: {
            int taken = http_feed_head(m, from + i, n - i, is_request);
            if (taken < 0) {
                return -1;
            }
            i += taken;
            break;
        }
        case BODY_LENGTH:
        case CHUNK_DATA:
        case BODY_CLOSE: {
            int take = m->state != BODY_CLOSE && m->left < n - i ? (int)m->left : n - i;
            if (callback) {
                callback(user, from + i, take);
            }
            m->body += take;
            i += take;
            if (m->state != BODY_CLOSE) {
                m->left -= take;
                if (!m->left) {
                    m->state = m->state == BODY_LENGTH ? DONE : CHUNK_END;
                }
            }
            break;
        }
        case CHUNK_SIZE: {
            char c = from[i++];
            if (c == '\n') {
                m->state = m->left ? CHUNK_DATA : TRAILER;
                m->trailer_length = 0;
                m->in_extension = 0;
            } else if (!m->in_extension) {
                int digit = hex_digit(c);
                if (digit < 0) {
                    m->in_extension = 1;
                } else {
                    m->left = m->left * 16 + digit;
                }
            }
            break;
        }
        case CHUNK_END:
            if (from[i++] == '\n') {
                m->state = CHUNK_SIZE;
                m->left = 0;
            }
            break;
        case TRAILER: {
            char c = from[i++];
            if (c == '\n') {
                if (!m->trailer_length) {
                    m->state = DONE;
                }
                m->trailer_length = 0;
            } else if (c != '\r') {
                m->trailer_length++;
            }
            break;
        }
        }
    }
    return i;
}
