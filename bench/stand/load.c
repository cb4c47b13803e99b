/* A load generator for SMTP on loopback: sends the mails of a file over a number of connections and writes when
   each was due, when its last octet was handed to the kernel, and when the reply to that came. load.py compiles,
   runs and reads it; -DTLS adds STARTTLS and AUTH (OpenSSL).

   load PORT SOURCE SENDER RECIPIENT CONNECTIONS KEPT RATE TOLERANT LOGIN MAILS COUNT

   MAILS       for each mail a size (8 octets, as the machine has them) and that many octets as they follow DATA
   COUNT       how many of them, from the first
   KEPT        1: connections are opened and logged in before the clock starts, and used for all mails
   RATE        mails a second, started whatever became of the ones before; 0: one after the other
   TOLERANT    1: a mail that is refused is written down with its code; 0: it ends everything
   LOGIN       base64 for AUTH PLAIN, after STARTTLS; "" for neither

   It says "open", waits for a line, and starts the clock. Then: "begin NS"; for each mail "DUE DOT REPLY CODE" in
   ns of CLOCK_MONOTONIC; "used NS DELAY_NS": its own time on a processor, and waiting for one. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#ifdef TLS
#include <openssl/ssl.h>
static SSL_CTX *context;
#endif

enum step { GREETED, HELLO, STARTED, HANDSHAKE, HELLO_AGAIN, AUTHENTICATED, READY, ENVELOPE, CONTENT, LEFT };

struct client {
    int fd, wanted, taken, timing;  /* replies wanted and taken; timing: its last octet is not out yet */
    enum step step;
    const char *out;
    size_t left, held;
    long mail;
    struct client *next;
    char in[4096];
#ifdef TLS
    SSL *tls;
#endif
};

struct mail { const char *octets; size_t size; int64_t due, dot, reply; int code; };

static struct mail *mails;
static long count, next_mail, finished, due_so_far;
static struct client *idle;
static int epoll, open_now, ready_now, kept, tolerant, connections, port, begun;
static const char *source, *login;
static char envelope[2048], auth[1024];
static double rate;
static int64_t begin;

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void fail(const char *what, const char *said) {
    fflush(stdout);
    fprintf(stderr, "%s: %s\n", what, said);
    exit(1);
}

static void advance(struct client *c);

static void connect_one(void) {
    struct client *c = calloc(1, sizeof *c);
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons(port)};
    int yes = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    inet_pton(AF_INET, source, &from.sin_addr);
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    if (c->fd < 0 || bind(c->fd, (void *)&from, sizeof from)) fail("socket", strerror(errno));
    if (connect(c->fd, (void *)&to, sizeof to) && errno != EINPROGRESS) fail("connect", strerror(errno));
    c->step = GREETED;
    c->wanted = 1;
    c->mail = -1;
    open_now++;
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
    epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event);
}

static void closed(struct client *c) {
#ifdef TLS
    if (c->tls) SSL_free(c->tls);
    c->tls = NULL;
#endif
    close(c->fd);
    c->fd = -1;  /* freed where its event was taken from */
}

static void say(struct client *c, enum step step, int wanted, const char *text, size_t size) {
    c->step = step;
    c->wanted = wanted;
    c->out = text;
    c->left = size;
}

static void quit(struct client *c) {
    open_now--;
    say(c, LEFT, 1, "QUIT\r\n", 6);
}

/* Give the next mail that is due to this client; it waits when there is none. */
static void feed(struct client *c) {
    if (!begun || next_mail >= (rate > 0 ? due_so_far : count)) {
        if (begun && next_mail >= count) { quit(c); return; }
        c->step = READY;
        c->next = idle;
        idle = c;
        return;
    }
    c->mail = next_mail++;
    if (!rate) mails[c->mail].due = now();
    say(c, ENVELOPE, 3, envelope, strlen(envelope));
}

static void settled(struct client *c, int code) {
    mails[c->mail].code = code;
    mails[c->mail].reply = now();
    finished++;
    c->mail = -1;
}

static void refused(struct client *c, const char *line) {
    if (!tolerant) fail("refused", line);
    if (c->mail < 0) fail("refused before a mail", line);
    settled(c, atoi(line));
    quit(c);
    if (finished < count && (kept || next_mail < (rate > 0 ? due_so_far : count))) connect_one();
}

/* One whole reply has come. */
static void replied(struct client *c, const char *line) {
    static const char hello[] = "EHLO load.example\r\n";
    int code = atoi(line);
    int hoped = c->step == GREETED || c->step == STARTED ? 220 : c->step == AUTHENTICATED ? 235 : 250;
    if (c->step == LEFT) return;
    if (c->step == ENVELOPE && c->taken == 2) hoped = 354;
    if (code != hoped) { refused(c, line); return; }
    if (++c->taken < c->wanted) return;
    c->taken = 0;
    switch (c->step) {
    case GREETED: say(c, HELLO, 1, hello, sizeof hello - 1); return;
    case HELLO:
        if (*login) { say(c, STARTED, 1, "STARTTLS\r\n", 10); return; }
        break;
    case STARTED:
#ifdef TLS
        c->tls = SSL_new(context);
        SSL_set_fd(c->tls, c->fd);
        SSL_set_connect_state(c->tls);
#endif
        c->step = HANDSHAKE;
        return;
    case HELLO_AGAIN: say(c, AUTHENTICATED, 1, auth, strlen(auth)); return;
    case AUTHENTICATED: break;
    case ENVELOPE:
        say(c, CONTENT, 1, mails[c->mail].octets, mails[c->mail].size);
        c->timing = 1;
        return;
    case CONTENT:
        settled(c, code);
        if (kept) { feed(c); return; }
        quit(c);
        if (next_mail < (rate > 0 ? due_so_far : count)) connect_one();
        return;
    default: fail("reply out of turn", line);
    }
    if (!begun && ++ready_now < connections) connect_one();  /* logins one by one: a gateway may count them */
    feed(c);
}

static ssize_t put(struct client *c) {
#ifdef TLS
    if (c->tls) {
        int n = SSL_write(c->tls, c->out, c->left > 1 << 30 ? 1 << 30 : (int)c->left);
        if (n > 0) return n;
        int why = SSL_get_error(c->tls, n);
        errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EAGAIN : EPROTO;
        return -1;
    }
#endif
    return send(c->fd, c->out, c->left, MSG_NOSIGNAL);
}

static ssize_t take(struct client *c, char *into, size_t size) {
#ifdef TLS
    if (c->tls) {
        int n = SSL_read(c->tls, into, (int)size);
        if (n > 0) return n;
        int why = SSL_get_error(c->tls, n);
        errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EAGAIN : EPROTO;
        return why == SSL_ERROR_ZERO_RETURN ? 0 : -1;
    }
#endif
    return recv(c->fd, into, size, 0);
}

static void advance(struct client *c) {
    for (;;) {
#ifdef TLS
        if (c->step == HANDSHAKE) {
            int n = SSL_do_handshake(c->tls);
            if (n != 1) {
                int why = SSL_get_error(c->tls, n);
                if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return;
                fail("TLS", "the handshake failed");
            }
            say(c, HELLO_AGAIN, 1, "EHLO load.example\r\n", 19);
        }
#endif
        while (c->left) {
            ssize_t n = put(c);
            if (n < 0 && errno == EAGAIN) break;
            if (n < 0) { if (c->step == LEFT) { closed(c); return; } fail("write", strerror(errno)); }
            c->out += n;
            c->left -= n;
        }
        if (c->timing && !c->left) { mails[c->mail].dot = now(); c->timing = 0; }
        ssize_t n = take(c, c->in + c->held, sizeof c->in - 1 - c->held);
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) {
            if (c->step == LEFT) { closed(c); return; }
            if (c->step == READY) fail("closed", "the peer hung up on a kept connection");
            fail("closed", "the peer hung up");
        }
        c->held += n;
        char *line = c->in, *end;
        while ((end = memchr(line, '\n', c->in + c->held - line))) {
            *end = 0;
            if (end - line >= 3 && line[3] != '-') replied(c, line);
            line = end + 1;
        }
        c->held -= line - c->in;
        memmove(c->in, line, c->held);
        if (c->held >= sizeof c->in - 1) fail("reply", "a line is too long");
        if (c->step == LEFT && !c->left) { closed(c); return; }
    }
}

static void read_mails(const char *path, long most) {
    struct stat seen;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &seen)) fail(path, strerror(errno));
    const char *at = mmap(NULL, seen.st_size, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0), *end = at + seen.st_size;
    for (int round = 0; round < 2; round++) {
        count = 0;
        for (const char *p = at; p < end && count < most;) {
            uint64_t size;
            memcpy(&size, p, sizeof size);
            p += sizeof size;
            if (round) { mails[count].octets = p; mails[count].size = size; }
            count++;
            p += size;
        }
        if (!round) mails = calloc(count + 1, sizeof *mails);
    }
}

static void tick(int timer) {
    uint64_t expired;
    if (read(timer, &expired, sizeof expired) < 0 && errno != EAGAIN) fail("timer", strerror(errno));
    while (due_so_far < count) {
        int64_t due = begin + (int64_t)(due_so_far * 1e9 / rate);
        if (due > now()) {
            struct itimerspec at = {.it_value = {due / 1000000000LL, due % 1000000000LL}};
            timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
            break;
        }
        mails[due_so_far++].due = due;
        if (idle) { struct client *c = idle; idle = c->next; feed(c); advance(c); }
        else if (!kept && open_now < connections) connect_one();
    }
}

int main(int argc, char **argv) {
    if (argc != 12) fail("usage", "see the head of load.c");
    port = atoi(argv[1]); source = argv[2]; connections = atoi(argv[5]); kept = atoi(argv[6]);
    rate = atof(argv[7]); tolerant = atoi(argv[8]); login = argv[9];
    snprintf(envelope, sizeof envelope, "MAIL FROM:<%s>\r\nRCPT TO:<%s>\r\nDATA\r\n", argv[3], argv[4]);
    snprintf(auth, sizeof auth, "AUTH PLAIN %s\r\n", login);
    read_mails(argv[10], atol(argv[11]));
    if (connections > count) connections = (int)count;
#ifdef TLS
    context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
#else
    if (*login) fail("TLS", "built without OpenSSL");
#endif
    epoll = epoll_create1(EPOLL_CLOEXEC);
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, events[256];
    epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event);
    if (kept) connect_one();
    while (finished < count || open_now) {
        if (!begun && ready_now == (kept ? connections : 0)) {
            char line[16];
            puts("open");
            fflush(stdout);
            if (!fgets(line, sizeof line, stdin)) return 1;
            begun = 1;
            begin = now();
            printf("begin %lld\n", (long long)begin);
            if (rate > 0) tick(timer);
            else {
                for (int i = 0; !kept && i < connections; i++) connect_one();
                while (idle) { struct client *c = idle; idle = c->next; feed(c); advance(c); }
            }
        }
        int n = epoll_wait(epoll, events, 256, 60000);
        if (n < 0 && errno != EINTR) fail("epoll", strerror(errno));
        if (n == 0) fail("silence", "nothing happened for a minute");
        for (int i = 0; i < n; i++) {
            struct client *c = events[i].data.ptr;
            if (!c) tick(timer);
            else {
                advance(c);
                if (c->fd < 0) free(c);
            }
        }
        if (begun && next_mail >= count)
            while (idle) { struct client *c = idle; idle = c->next; quit(c); advance(c); }
    }
    for (long i = 0; i < count; i++)
        printf("%lld %lld %lld %d\n", (long long)mails[i].due, (long long)mails[i].dot, (long long)mails[i].reply, mails[i].code);
    long long used = 0, delay = 0;
    FILE *stat = fopen("/proc/self/schedstat", "r");
    if (stat && fscanf(stat, "%lld %lld", &used, &delay) != 2) used = delay = 0;
    printf("used %lld %lld\n", used, delay);
    return 0;
}
