# A stand-in for docker.io/library/postgres: Debian's PostgreSQL with as much of that image's contract as
# docker/compose.cluster.yaml uses (POSTGRES_USER, _DB, _PASSWORD_FILE; user 999; data in /var/lib/postgresql/data).
ARG BASE
FROM ${BASE}
RUN groupadd --gid 999 postgres \
    && useradd --uid 999 --gid 999 --home-dir /var/lib/postgresql --shell /bin/sh postgres \
    && install -d -m 0755 /etc/postgresql-common \
    && echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf \
    && apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o Dpkg::Options::=--force-confold postgresql-15 \
    && rm -rf /var/lib/postgresql && install -d -m 0700 -o postgres -g postgres /var/lib/postgresql/data \
    && install -d -m 3777 -o postgres -g postgres /run/postgresql
COPY postgres.sh /usr/local/bin/entrypoint
ENV PATH=/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin:/bin PGDATA=/var/lib/postgresql/data LC_ALL=C.UTF-8
VOLUME /var/lib/postgresql/data
STOPSIGNAL SIGINT
ENTRYPOINT ["/bin/sh", "/usr/local/bin/entrypoint"]
