#!/bin/sh
# Make the secrets of compose.cluster.yaml, once: secrets.sh [FOLDER] (root, for the nodes' user must own its key).
# Nobody but root can enter the folder; in the containers each service sees the files that it names.
set -eu
umask 077
folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"
random() { od -A n -v -t x1 -N 32 /dev/urandom | tr -d ' \n'; }
for name in database store seal.key; do
    [ -s "$folder/$name" ] && continue # a new key could open nothing of what the old one sealed
    random > "$folder/$name"
    chmod 0444 "$folder/$name"
done
chown 10025:10025 "$folder/seal.key"
chmod 0400 "$folder/seal.key"
