#!/bin/bash
# serves.sh relay|kamailio|web [PORT]: exit code 0 if the relay, the Kamailio or the web origin of this machine answers within half a second.
# A web origin that stands by does not listen.
set -eu
id=$$$RANDOM
case $1 in
  relay)
    port=${2:-22221}
    question="$id d7:command4:pinge"
    ;;
  kamailio)
    port=${2:-5081}
    printf -v question '%s\r\n' "OPTIONS sip:127.0.0.1:$port SIP/2.0" "Via: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK$id" 'Max-Forwards: 1' \
      "From: <sip:health@127.0.0.1>;tag=$id" 'To: <sip:127.0.0.1>' "Call-ID: $id@127.0.0.1" 'CSeq: 1 OPTIONS' 'Content-Length: 0' ''
    ;;
  web)
    exec timeout 0.5 bash -c "exec 3<>/dev/tcp/127.0.0.1/${2:-8443}"
    ;;
  *) exit 2 ;;
esac
exec 3<>"/dev/udp/127.0.0.1/$port"
# All of it in one datagram: printf would write each line by itself.
cat <<<"$question" >&3
# Whatever it answers, it is there.
read -r -t 0.5 -n 1 -u 3
