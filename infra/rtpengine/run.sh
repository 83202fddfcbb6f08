#!/bin/sh
# Starts rtpengine in user space with the settings that the product relies on.
#   RTPENGINE_INTERFACE  rtpengine's own notation for the interface on which parties are met, such as 10.0.0.5!203.0.113.7
#   MEDIA_INNER_ADDRESS  address for inner legs, copies and the mixer; no party may reach it
#   CONTROL_ADDRESS      where ng listens; keep it off public networks
#   DTMF_LOG             where telephony listens for keys
set -eu
control=${CONTROL_ADDRESS:-127.0.0.1}
exec rtpengine --config-file=none --table=-1 --foreground --log-stderr --log-level=4 \
  --num-threads="${RTPENGINE_THREADS:-2}" \
  --interface="outer/${RTPENGINE_INTERFACE:-127.0.0.1}" --interface="inner/${MEDIA_INNER_ADDRESS:-127.0.0.2}" \
  --listen-ng="$control:${RTPENGINE_NG_PORT:-22222}" \
  --port-min="${RTPENGINE_PORT_MIN:-40000}" --port-max="${RTPENGINE_PORT_MAX:-44999}" \
  --timeout=3600 --silent-timeout=7200 --measure-rtp --mos=CQ \
  --dtmf-log-dest="${DTMF_LOG:-127.0.0.1:22230}" \
  --recording-dir="${RTPENGINE_PCAP_DIR:-/data/pcap}" --recording-method=pcap
