/* SPDX-License-Identifier: MIT */
/* The states that wait to be expanded: their roots, in order, in segments that are given back once they are done. */
#ifndef LAZYSWITCH_CHECKER_QUEUE_H
#define LAZYSWITCH_CHECKER_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { QUEUE_SEGMENT_BITS = 12 };

struct queue {
	uint64_t **segments; /* by number of the first state, from `gone` on */
	size_t gone, used, size;
};

/* A zeroed queue is empty. */
void queue_free(struct queue *queue);

/* Makes room for the states up to number `end` - 1. Returns false when out of memory. */
bool queue_reserve(struct queue *queue, uint64_t end);
/* Bytes that reserving would take. */
size_t queue_growth(const struct queue *queue, uint64_t end);

/* Gives back what lies before state number `first`. */
void queue_forget(struct queue *queue, uint64_t first);

/* The place of a state's root. */
static inline uint64_t *queue_at(const struct queue *queue, uint64_t state)
{
	return &queue->segments[(state >> QUEUE_SEGMENT_BITS) - queue->gone]
	                       [state & ((1u << QUEUE_SEGMENT_BITS) - 1)];
}

size_t queue_bytes(const struct queue *queue);

#endif
