/* SPDX-License-Identifier: MIT */
#include "checker/queue.h"

#include <stdlib.h>
#include <string.h>

static const size_t segment_bytes = sizeof(uint64_t) << QUEUE_SEGMENT_BITS;

static size_t segments_for(const struct queue *queue, uint64_t end)
{
	return (size_t)((end + (1u << QUEUE_SEGMENT_BITS) - 1) >> QUEUE_SEGMENT_BITS) - queue->gone;
}

void queue_free(struct queue *queue)
{
	for (size_t i = 0; i < queue->used; i++)
		free(queue->segments[i]);
	free(queue->segments);
	*queue = (struct queue){0};
}

bool queue_reserve(struct queue *queue, uint64_t end)
{
	size_t wanted = segments_for(queue, end);

	if (wanted > queue->size) {
		size_t size = wanted * 2;
		uint64_t **segments = realloc(queue->segments, size * sizeof(*segments));

		if (!segments)
			return false;
		queue->segments = segments;
		queue->size = size;
	}
	for (; queue->used < wanted; queue->used++) {
		queue->segments[queue->used] = malloc(segment_bytes);
		if (!queue->segments[queue->used])
			return false;
	}
	return true;
}

size_t queue_growth(const struct queue *queue, uint64_t end)
{
	size_t wanted = segments_for(queue, end);

	return wanted > queue->used ? (wanted - queue->used) * segment_bytes : 0;
}

void queue_forget(struct queue *queue, uint64_t first)
{
	size_t done = (size_t)(first >> QUEUE_SEGMENT_BITS) - queue->gone;

	if (done > queue->used)
		done = queue->used;
	if (done == 0)
		return;
	for (size_t i = 0; i < done; i++)
		free(queue->segments[i]);
	queue->used -= done;
	queue->gone += done;
	memmove(queue->segments, queue->segments + done, queue->used * sizeof(*queue->segments));
}

size_t queue_bytes(const struct queue *queue)
{
	return queue->used * segment_bytes + queue->size * sizeof(*queue->segments);
}
