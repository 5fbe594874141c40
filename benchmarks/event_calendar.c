/* The engine's calendar and queues alone, in C: the same layout, the same algorithm. Offsets and sizes of the records come as macros from NumPy's dtypes.
   benchmarks/event_calendar.py compiles and runs it beside the Numba functions of the kernel on the same work. */
#include <stdint.h>

typedef struct { double at; int64_t key; int32_t kind, who, aux, next; } event_t;
#define BODY(i, type, offset) (*(type *)(body + (i) * BODY_SIZE + offset))
#define QUEUE(i, type, offset) (*(type *)(queue + (i) * QUEUE_SIZE + offset))

static event_t *ev; static int32_t *heap, *cal; static char *body, *queue;
static int64_t nheap, nev, freed, day, sequence, ncal; static double rate, horizon;

static inline int before(int64_t a, int64_t b) { return ev[a].at < ev[b].at || (ev[a].at == ev[b].at && ev[a].key < ev[b].key); }

static inline void push_today(int64_t e) {
    int64_t k = nheap++;
    while (k > 0) { int64_t up = (k - 1) >> 2; if (!before(e, heap[up])) break; heap[k] = heap[up]; k = up; }
    heap[k] = (int32_t)e;
}

static inline void pop_today(void) {
    int64_t n = --nheap, last = heap[n], k = 0;
    for (;;) {
        int64_t child = 4 * k + 1; if (child >= n) break;
        int64_t best = child, end = child + 4 < n ? child + 4 : n;
        for (int64_t j = child + 1; j < end; j++) if (before(heap[j], heap[best])) best = j;
        if (!before(heap[best], last)) break;
        heap[k] = heap[best]; k = best;
    }
    heap[k] = (int32_t)last;
}

static inline void schedule(double when, int64_t klass, int64_t who) {
    if (!(when <= horizon)) return;
    int64_t e = freed;
    if (e >= 0) freed = ev[e].next; else e = nev++;
    ev[e].at = when; ev[e].key = klass << 48 | sequence++; ev[e].kind = 2; ev[e].who = (int32_t)who; ev[e].aux = 0;
    int64_t d = (int64_t)(when * rate);
    if (d <= day) push_today(e); else { ev[e].next = cal[d]; cal[d] = (int32_t)e; }
}

static inline void join(int64_t i, int64_t q, int64_t lane) {
    int32_t *head = &QUEUE(q, int32_t, QUEUE_HEAD), *tail = &QUEUE(q, int32_t, QUEUE_TAIL);
    BODY(i, int32_t, BODY_LANE) = (int32_t)lane; BODY(i, int32_t, BODY_NEXT) = -1; BODY(i, int32_t, BODY_PREVIOUS) = tail[lane];
    if (tail[lane] >= 0) BODY(tail[lane], int32_t, BODY_NEXT) = (int32_t)i; else head[lane] = (int32_t)i;
    tail[lane] = (int32_t)i;
    QUEUE(q, int32_t, QUEUE_WAITING) += 1;
}

static inline void unjoin(int64_t i, int64_t q) {
    int32_t *head = &QUEUE(q, int32_t, QUEUE_HEAD), *tail = &QUEUE(q, int32_t, QUEUE_TAIL);
    int32_t previous = BODY(i, int32_t, BODY_PREVIOUS), next = BODY(i, int32_t, BODY_NEXT), lane = BODY(i, int32_t, BODY_LANE);
    if (previous >= 0) BODY(previous, int32_t, BODY_NEXT) = next; else head[lane] = next;
    if (next >= 0) BODY(next, int32_t, BODY_PREVIOUS) = previous; else tail[lane] = previous;
    QUEUE(q, int32_t, QUEUE_WAITING) -= 1;
}

/* n casualties; each event joins a lane and leaves it again, then schedules the next after a given gap: returns the number of events. */
int64_t hold(void *events, void *heap_, void *calendar, void *bodies, void *queues, int64_t buckets, double per_minute, double until, int64_t n,
             int64_t nqueues, const double *gap, int64_t gaps, int64_t repeats) {
    ev = events; heap = heap_; cal = calendar; body = bodies; queue = queues; ncal = buckets; rate = per_minute; horizon = until;
    int64_t done = 0, g = 0;
    for (int64_t r = 0; r < repeats; r++) {
        nheap = nev = sequence = 0; freed = day = -1;
        for (int64_t k = 0; k < ncal; k++) cal[k] = -1;
        for (int64_t i = 0; i < n; i++) { schedule(gap[g], 2, i); g = g + 1 < gaps ? g + 1 : 0; }
        for (;;) {
            while (nheap == 0) {
                if (day + 1 >= ncal) goto end;
                int64_t e = cal[++day]; cal[day] = -1;
                while (e >= 0) { int64_t next = ev[e].next; push_today(e); e = next; }
            }
            int64_t e = heap[0]; pop_today();
            double now = ev[e].at; int64_t who = ev[e].who;
            ev[e].next = (int32_t)freed; freed = e;
            int64_t q = (who * 7 + done) % nqueues;
            join(who, q, who & 3); unjoin(who, q);
            schedule(now + gap[g], 1 + (who & 1), who); g = g + 1 < gaps ? g + 1 : 0;
            done++;
        }
    end:;
    }
    return done;
}
