#!/bin/sh
# The secret goes by the environment: an argument could be read by every process of the host.
set -eu
DRACHTIO_SECRET=$(cat /secrets/drachtio)
export DRACHTIO_SECRET
exec drachtio -f /etc/drachtio.conf.xml
