// Samples in nanoseconds and their exact percentiles in microseconds: every value is kept, nothing is put into buckets.
#pragma once
#include "common.h"

typedef struct {
    uint64_t *at;
    size_t count, capacity;
} samples;

static inline void sample(samples *s, uint64_t value) {
    if (s->count == s->capacity) {
        s->capacity = s->capacity ? s->capacity * 2 : 4096;
        s->at = must(realloc(s->at, s->capacity * sizeof *s->at));
    }
    s->at[s->count++] = value;
}

static inline int sample_order(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static inline void samples_sort(samples *s) {
    if (s->count) {
        qsort(s->at, s->count, sizeof *s->at, sample_order);
    }
}

// Nearest rank; -1 where nothing was sampled. The samples must be sorted.
static inline double percentile(const samples *s, double p) {
    return s->count ? (double)s->at[(size_t)(p * (double)(s->count - 1) + 0.5)] / 1000.0 : -1;
}

// Writes "label":{"n":…,"p10":…,…} for one JSON line.
static inline void samples_print(const char *label, samples *s) {
    samples_sort(s);
    printf("\"%s\":{\"n\":%zu,\"p10\":%.2f,\"p50\":%.2f,\"p90\":%.2f,\"p99\":%.2f,\"max\":%.2f}", label, s->count, percentile(s, .10),
           percentile(s, .50), percentile(s, .90), percentile(s, .99), percentile(s, 1));
}
