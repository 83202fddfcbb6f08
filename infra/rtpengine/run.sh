#!/bin/sh
# Starts rtpengine in user space with the settings that the product relies on.
#   RTPENGINE_INTERFACE  rtpengine's own notation, such as priv/10.0.0.5;pub/10.0.0.5!203.0.113.7
#   CONTROL_ADDRESS      where ng, HTTP and CLI listen; keep it off public networks
#   DTMF_LOG             where telephony listens for keys
set -eu
control=${CONTROL_ADDRESS:-127.0.0.1}
exec rtpengine --config-file=none --table=-1 --foreground --log-stderr --log-level=4 \
  --num-threads="${RTPENGINE_THREADS:-2}" \
  --interface="${RTPENGINE_INTERFACE:-127.0.0.1}" \
  --listen-ng="$control:${RTPENGINE_NG_PORT:-22222}" \
  --listen-http="$control:22225" --listen-cli="$control:22224" \
  --port-min="${RTPENGINE_PORT_MIN:-40000}" --port-max="${RTPENGINE_PORT_MAX:-44999}" \
  --timeout=3600 --silent-timeout=7200 --measure-rtp --mos=CQ \
  --dtmf-log-dest="${DTMF_LOG:-127.0.0.1:22230}" \
  --recording-dir="${RTPENGINE_PCAP_DIR:-/data/pcap}" --recording-method=pcap
