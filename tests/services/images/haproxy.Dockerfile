# A stand-in for docker.io/library/haproxy: Debian's.
ARG BASE
FROM ${BASE}
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends haproxy
STOPSIGNAL SIGUSR1
