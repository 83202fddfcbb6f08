#!/bin/sh
# The tools of an installation that came as a bundle: `proofline proof-call`, `proofline ledger --check`.
# They run as the user of the product, with the settings of /etc/proofline/proofline.env.
set -eu
cd /opt/proofline
script=$(node -p 'JSON.parse(fs.readFileSync("package.json","utf8")).scripts[process.argv[1]] ?? ""' "${1:-}")
case $script in
  "node dist/"*) ;;
  *)
    echo "usage: proofline TOOL [OPTION ...]; the tools:" >&2
    node -p 'Object.entries(JSON.parse(fs.readFileSync("package.json","utf8")).scripts).filter(([, run]) => run.startsWith("node dist/")).map(([name]) => "  " + name).join("\n")' >&2
    exit 2
    ;;
esac
shift
settings=
[ -r /etc/proofline/proofline.env ] && settings=--env-file=/etc/proofline/proofline.env
[ "$(id -u)" = 0 ] && set -- setpriv --reuid=proofline --regid=proofline --init-groups node $settings ${script#node } "$@" || set -- node $settings ${script#node } "$@"
PROOFLINE_HOME=/var/lib/proofline NODE_ENV=production HOME=/var/lib/proofline exec "$@"
