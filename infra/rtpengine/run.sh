#!/bin/sh
# Starts rtpengine in user space with the settings that the product relies on.
#   RTPENGINE_INTERFACE  rtpengine's own notation for the interface on which parties are met, such as 10.0.0.5!203.0.113.7
#   MEDIA_INNER_ADDRESS  address for inner legs, copies and the mixer; no party may reach it
#   CONTROL_ADDRESS      where ng listens; keep it off public networks
#   DTMF_LOG             where telephony listens for keys
#   RTPENGINE_VALKEY     host:port/database in which it keeps its calls, to go on with them when it is started again; of this relay alone.
#                        The password is in the file VALKEY_PASSWORD_FILE
#   RTPENGINE_PAIR       yes: this relay is one of two on machines of their own that share addresses and RTPENGINE_VALKEY. It goes on with
#                        every call that its partner had when the addresses come to it. The server sends keyspace notifications (K$g)
#   RTPENGINE_EMPTY_DB   a database of the same server that is always empty (15): what a relay of a pair reads back as its own
#   HEALTH_PORT          where a relay of a pair answers control messages of its own machine (22221)
#   HEALTH_ADDRESS       this machine's own address in the network of the control, where the relay answers on HEALTH_PORT too, so that the
#                        product sees whether both machines of a pair are there (RELAY_MACHINES)
set -eu
control=${CONTROL_ADDRESS:-127.0.0.1}
captures=${RTPENGINE_PCAP_DIR:-/data/pcap}/pcaps
# A relay that is started again writes over what it captured of its calls before.
now=$(date +%s)000
for capture in "$captures"/*.pcap; do
  name=$(basename "$capture" .pcap)
  case $name in aside-* | '*') ;; *) mv "$capture" "$captures/aside-$name-$now.pcap" ;; esac
done
memory=
level=4
if [ -n "${RTPENGINE_VALKEY:-}" ]; then
  if [ -n "${VALKEY_PASSWORD_FILE:-}" ]; then
    RTPENGINE_REDIS_AUTH_PW=$(cat "$VALKEY_PASSWORD_FILE")
    export RTPENGINE_REDIS_AUTH_PW
  fi
  memory="--redis=$RTPENGINE_VALKEY"
  if [ "${RTPENGINE_PAIR:-no}" = yes ]; then
    # A relay that starts while its partner has the addresses must not take the partner's calls for its own: it would give them up as silent.
    # So it reads nothing back, is told of all calls of the pair, and takes over those for which packets come.
    RTPENGINE_REDIS_WRITE_AUTH_PW=${RTPENGINE_REDIS_AUTH_PW:-}
    [ -z "$RTPENGINE_REDIS_WRITE_AUTH_PW" ] || export RTPENGINE_REDIS_WRITE_AUTH_PW
    memory="--redis=${RTPENGINE_VALKEY%/*}/${RTPENGINE_EMPTY_DB:-15} --redis-write=$RTPENGINE_VALKEY \
      --subscribe-keyspace=${RTPENGINE_VALKEY##*/} --active-switchover --listen-ng=127.0.0.1:${HEALTH_PORT:-22221} \
      ${HEALTH_ADDRESS:+--listen-ng=$HEALTH_ADDRESS:${HEALTH_PORT:-22221}}"
    # It is told of its own calls too, and warns of each.
    level=3
  fi
  # With these limits its control goes on when Valkey hangs.
  memory="$memory --redis-cmd-timeout=100 --redis-connect-timeout=100 --redis-allowed-errors=1 --redis-disable-time=5"
fi
# Each write of a call is some thousand small pieces of memory, which the C library's own allocator takes a third of the work for.
export LD_PRELOAD=libjemalloc.so.2
# With its own limit of reading (50) a relay that stood still for five seconds never reads its ports again.
# shellcheck disable=SC2086
exec rtpengine $memory --config-file=none --table=-1 --foreground --log-stderr --log-level=$level \
  --num-threads="${RTPENGINE_THREADS:-2}" \
  --interface="outer/${RTPENGINE_INTERFACE:-127.0.0.1}" --interface="inner/${MEDIA_INNER_ADDRESS:-127.0.0.2}" \
  --listen-ng="$control:${RTPENGINE_NG_PORT:-22222}" \
  --port-min="${RTPENGINE_PORT_MIN:-40000}" --port-max="${RTPENGINE_PORT_MAX:-44999}" \
  --max-recv-iters=1000 --timeout=3600 --silent-timeout=7200 --measure-rtp --mos=CQ \
  --dtmf-log-dest="${DTMF_LOG:-127.0.0.1:22230}" \
  --recording-dir="${RTPENGINE_PCAP_DIR:-/data/pcap}" --recording-method=pcap
