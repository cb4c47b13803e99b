/* Counts the blocks of memory that Python asks for, and their bytes: counting.py loads it into its own process. */
#include <stddef.h>

typedef struct {
    void *ctx;
    void *(*malloc)(void *ctx, size_t size);
    void *(*calloc)(void *ctx, size_t count, size_t size);
    void *(*realloc)(void *ctx, void *block, size_t size);
    void (*free)(void *ctx, void *block);
} allocator;  /* PyMemAllocatorEx */

extern void PyMem_GetAllocator(int domain, allocator *into);
extern void PyMem_SetAllocator(int domain, allocator *from);

static allocator before[3];
long long blocks;
long long octets;

static void *counted_malloc(void *ctx, size_t size) {
    allocator *own = ctx;
    blocks++;
    octets += size;
    return own->malloc(own->ctx, size);
}

static void *counted_calloc(void *ctx, size_t count, size_t size) {
    allocator *own = ctx;
    blocks++;
    octets += count * size;
    return own->calloc(own->ctx, count, size);
}

static void *counted_realloc(void *ctx, void *block, size_t size) {
    allocator *own = ctx;
    blocks++;
    octets += size;
    return own->realloc(own->ctx, block, size);
}

static void counted_free(void *ctx, void *block) {
    allocator *own = ctx;
    own->free(own->ctx, block);
}

/* From here on, until stop(); domains 1 (memory) and 2 (objects), under the lock of the interpreter. */
void start(void) {
    for (int domain = 1; domain < 3; domain++) {
        PyMem_GetAllocator(domain, &before[domain]);
        allocator counted = {&before[domain], counted_malloc, counted_calloc, counted_realloc, counted_free};
        PyMem_SetAllocator(domain, &counted);
    }
}

void stop(void) {
    for (int domain = 1; domain < 3; domain++) PyMem_SetAllocator(domain, &before[domain]);
}
