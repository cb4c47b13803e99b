#!/bin/sh
# The first start makes the cluster, its user and its database.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    initdb --pgdata="$PGDATA" --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" \
        --auth-local=trust --auth-host=scram-sha-256 > /dev/null
    echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
    pg_ctl --wait --log=/tmp/first.log -o "-c listen_addresses=" start > /dev/null || { cat /tmp/first.log >&2; exit 1; }
    createdb --username="$POSTGRES_USER" --maintenance-db=postgres "$POSTGRES_DB"
    pg_ctl --silent --wait stop
fi
exec postgres -c listen_addresses='*'
