# A Debian machine whose first process is systemd, with Sekisho and its units installed as docs/operations.md says.
ARG BASE
ARG NODE
FROM ${NODE} AS node
FROM ${BASE}
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends systemd systemd-sysv util-linux
COPY systemd/*.service systemd/*.socket /etc/systemd/system/
COPY systemd/sekisho.sysusers /etc/sysusers.d/sekisho.conf
COPY systemd/sekisho.tmpfiles /etc/tmpfiles.d/sekisho.conf
RUN systemd-sysusers && systemd-tmpfiles --create sekisho.conf && systemctl enable sekisho.service
COPY --from=node /opt/sekisho /opt/sekisho
COPY etc/ /etc/sekisho/
RUN chgrp sekisho /etc/sekisho/* && chmod 0640 /etc/sekisho/*
STOPSIGNAL SIGRTMIN+3
ENTRYPOINT ["/sbin/init"]
