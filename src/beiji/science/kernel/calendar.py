"""The event list: buckets of unordered lists, today's bucket a 4-ary heap ordered by (time, class, sequence)."""
import numpy as np

from .codes import FAULT_EVENTS, called, inner

CLASS_SHIFT = np.int64(48)


@inner
def before(m, a, b):
    """Does event a come before event b?"""
    return m.event[a].at < m.event[b].at or (m.event[a].at == m.event[b].at and m.event[a].key < m.event[b].key)


@inner
def push_today(m, e):
    """Sift event e up from the heap's end."""
    c = m.control[0]
    k = np.int64(c.heap)
    c.heap += 1
    while k > 0:
        up = (k - 1) >> 2
        if not before(m, e, m.heap[up]):
            break
        m.heap[k] = m.heap[up]
        k = up
    m.heap[k] = e


@inner
def pop_today(m):
    """Take the first event of the heap; the caller knows that there is one."""
    c = m.control[0]
    first = np.int64(m.heap[0])
    c.heap -= 1
    n = np.int64(c.heap)
    last = np.int64(m.heap[n])
    k = np.int64(0)
    while True:
        child = 4 * k + 1
        if child >= n:
            break
        best = child
        for j in range(child + 1, min(child + 4, n)):
            if before(m, m.heap[j], m.heap[best]):
                best = j
        if not before(m, m.heap[best], last):
            break
        m.heap[k] = m.heap[best]
        k = best
    m.heap[k] = last
    return first


@called
def at(m, when, klass, kind, who, aux):
    """Schedule an event; returns its key, or -1 when it lies beyond the horizon and is not kept."""
    c = m.control[0]
    if not when <= m.par[0].horizon:
        return np.int64(-1)
    e = np.int64(c.free)
    if e >= 0:
        c.free = m.event[e].next
    else:
        e = np.int64(c.events)
        if e >= len(m.event):
            c.fault = FAULT_EVENTS
            return np.int64(-1)
        c.events += 1
    key = (klass << CLASS_SHIFT) | c.sequence
    c.sequence += 1
    v = m.event[e]
    v.at = when
    v.key = key
    v.kind = kind
    v.who = who
    v.aux = aux
    day = np.int64(when * m.par[0].buckets_per_min)
    if day <= c.day:
        push_today(m, e)
    else:
        v.next = m.calendar[day]
        m.calendar[day] = e
    return key


@inner
def next_event(m):
    """Position of the next event, or -1: turns the calendar to its day, but leaves the event in the heap."""
    c = m.control[0]
    while c.heap == 0:
        if c.day + 1 >= len(m.calendar):
            return np.int64(-1)
        c.day += 1
        e = np.int64(m.calendar[c.day])
        m.calendar[c.day] = -1
        while e >= 0:
            following = np.int64(m.event[e].next)
            push_today(m, e)
            e = following
    return np.int64(m.heap[0])


@inner
def recycle(m, e):
    """Give an event's row back."""
    m.event[e].next = m.control[0].free
    m.control[0].free = e
