#!/bin/sh
# Makes, once, the secrets that the servers of docker-compose.yml share with the product. None is ever changed here.
set -eu
umask 077
folder=${1:-/secrets}
random() { head -c 48 /dev/urandom | base64 | tr -dc 'A-Za-z0-9' | head -c "$1"; }
make() { [ -s "$folder/$1" ] || random "$2" >"$folder/$1"; }
make drachtio 32
make s3-access-key 20
make s3-secret-key 40
make documents-password 32
make valkey-password 32
[ -s "$folder/valkey.conf" ] || printf 'requirepass %s\n' "$(cat "$folder/valkey-password")" >"$folder/valkey.conf"
# MongoDB wants its members' key readable by its own user alone.
if [ ! -s "$folder/mongo-keyfile" ]; then head -c 512 /dev/urandom | base64 | tr -d '\n' >"$folder/mongo-keyfile"; fi
chown 999:999 "$folder/mongo-keyfile"
# The product and the servers run under different users of their own containers; the volume is mounted in these alone.
chmod 755 "$folder"
chmod 444 "$folder/drachtio" "$folder/s3-access-key" "$folder/s3-secret-key" "$folder/documents-password" "$folder/valkey-password" "$folder/valkey.conf"
chmod 400 "$folder/mongo-keyfile"
for shared in /data /pcap; do [ ! -d "$shared" ] || chown 10050:10050 "$shared"; done
