# A stand-in for an S3-compatible store: moto, which keeps everything in memory and believes any credentials.
# It answers to the command line and the environment of the store that docker/compose.cluster.yaml names.
ARG BASE
FROM ${BASE}
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends netcat-openbsd
COPY constraints.txt /build/
RUN python3 -m venv /opt/moto && /opt/moto/bin/pip install --quiet --disable-pip-version-check --no-cache-dir \
        --constraint /build/constraints.txt 'moto[server]'
COPY store.py /usr/local/bin/weed
RUN chmod 0755 /usr/local/bin/weed && install -d -m 0755 -o 1000 -g 1000 /data
VOLUME /data
