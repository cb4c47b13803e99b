# A Debian machine whose first process is systemd, with Sekisho and its units installed as docs/operations.md says.
ARG BASE
ARG NODE
FROM ${NODE} AS node
FROM ${BASE}
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends systemd systemd-sysv procps
COPY --from=node /opt/sekisho /opt/sekisho
COPY units/sekisho.service units/*.socket /etc/systemd/system/
COPY units/sekisho.sysusers /etc/sysusers.d/sekisho.conf
COPY units/sekisho.tmpfiles /etc/tmpfiles.d/sekisho.conf
RUN systemd-sysusers && systemd-tmpfiles --create sekisho.conf && systemctl enable sekisho.service
STOPSIGNAL SIGRTMIN+3
ENTRYPOINT ["/sbin/init"]
