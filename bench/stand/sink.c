/* Takes mail by SMTP on loopback and forgets it: sink PORT FILE. FILE begins with two numbers of 8 octets that are
   kept up to date: how many mails it has taken, and when the last of them ended (ns of CLOCK_MONOTONIC). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct client {
    int fd, in_data;
    size_t held;
    char tail[1024];  /* what a whole read left over: of a command, or the last octets of a content */
};

static volatile uint64_t *told;
/* Begins with a CRLF: what comes before a content is the end of a line. */
static char room[2 + 1024 + (1 << 20)] = "\r\n";

static void taken(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    told[1] = t.tv_sec * 1000000000ULL + t.tv_nsec;
    told[0]++;
}

static const char *reply(struct client *c, const char *line) {
    if (!strncasecmp(line, "EHLO", 4)) return "250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n";
    if (!strncasecmp(line, "DATA", 4)) { c->in_data = 1; return "354 go on\r\n"; }
    if (!strncasecmp(line, "QUIT", 4)) return "221 bye\r\n";
    return "250 ok\r\n";
}

/* The end of the content (CRLF.CRLF) from `from` on; NULL: not yet. The two octets before `from` can be read. */
static char *dot(char *from, char *end) {
    for (char *p = from; (p = memchr(p, '.', end - p)); p++)
        if (end - p >= 3 && p[-1] == '\n' && p[-2] == '\r' && p[1] == '\r' && p[2] == '\n') return p + 3;
    return NULL;
}

/* Returns 0 when the client has gone. */
static int readable(struct client *c) {
    char said[8192], *buffer = room + 2;
    size_t size = 0;
    memcpy(buffer, c->tail, c->held);
    ssize_t n = recv(c->fd, buffer + c->held, 1 << 20, 0);
    if (n < 0 && errno == EAGAIN) return 1;
    if (n <= 0) return 0;
    char *at = buffer, *end = buffer + c->held + n, *line;
    while (at < end) {
        if (c->in_data) {
            char *after = dot(c->in_data == 1 ? at : at + 2, end);
            if (!after) break;
            at = after;
            c->in_data = 0;
            taken();
            size += snprintf(said + size, sizeof said - size, "250 ok\r\n");
        } else if ((line = memchr(at, '\n', end - at))) {
            const char *answer = reply(c, at);
            size_t length = strlen(answer);
            if (size + length < sizeof said) { memcpy(said + size, answer, length); size += length; }
            at = line + 1;
        } else break;
    }
    if (c->in_data && end - at > 4) { at = end - 4; c->in_data = 2; }  /* 2: what is held is the content's last octets */
    if ((c->held = end - at) > sizeof c->tail) return 0;
    memcpy(c->tail, at, c->held);
    return !size || send(c->fd, said, size, MSG_NOSIGNAL) == (ssize_t)size;
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    int yes = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), epoll = epoll_create1(0);
    int fd = open(argv[2], O_RDWR | O_CREAT, 0600);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
    inet_pton(AF_INET, "127.0.0.1", &here.sin_addr);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (fd < 0 || ftruncate(fd, 16) || bind(listener, (void *)&here, sizeof here) || listen(listener, 1024)) {
        perror("sink");
        return 1;
    }
    told = mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    struct epoll_event event = {.events = EPOLLIN}, events[256];
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int n = epoll_wait(epoll, events, 256, -1);
        for (int i = 0; i < n; i++) {
            struct client *c = events[i].data.ptr;
            if (!c) {
                while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                    c = calloc(1, sizeof *c);
                    c->fd = fd;
                    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                    event.data.ptr = c;
                    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
                    if (send(fd, "220 sink.example\r\n", 18, MSG_NOSIGNAL) < 0) continue;
                }
            } else if (!readable(c)) {
                close(c->fd);
                free(c);
            }
        }
    }
}
