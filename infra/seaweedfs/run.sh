#!/bin/sh
# Makes the list of who may do what from the secrets of the first start, then runs all parts of SeaweedFS in one process.
set -eu
umask 077
printf '{"identities":[{"name":"proofline","credentials":[{"accessKey":"%s","secretKey":"%s"}],"actions":["Admin","Read","Write","List","Tagging"]}]}\n' \
  "$(cat /secrets/s3-access-key)" "$(cat /secrets/s3-secret-key)" >/run/s3.json
exec weed server -dir=/data -ip=127.0.0.1 -ip.bind=0.0.0.0 -volume.max=0 -filer -s3 -s3.port=8333 -s3.config=/run/s3.json
