#!/bin/sh
# Installs Debian packages as root without letting their services start: the product runs its own instances.
#   sh install-packages.sh PACKAGE [PACKAGE ...]
set -eu
[ $# -gt 0 ] || { echo "usage: install-packages.sh PACKAGE [PACKAGE ...]" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "install-packages.sh: must run as root" >&2; exit 1; }
export DEBIAN_FRONTEND=noninteractive

# invoke-rc.d asks this program whether a service may start; 101 means no. What stood there before is put back, also after a failure.
# A file left by a run that was killed is the true original and is not overwritten.
policy=${POLICY_RC_D:-/usr/sbin/policy-rc.d}
before=$policy.before-proofline
none=$policy.none-before-proofline
restore() {
  if [ -e "$before" ] || [ -L "$before" ]; then mv -f "$before" "$policy"
  elif [ -e "$none" ]; then rm -f "$policy" "$none"
  fi
}
trap restore EXIT
trap 'exit 1' HUP INT TERM
if [ ! -e "$before" ] && [ ! -L "$before" ] && [ ! -e "$none" ]; then
  if [ -e "$policy" ] || [ -L "$policy" ]; then mv "$policy" "$before"; else : >"$none"; fi
fi
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

apt-get -q -o DPkg::Lock::Timeout=120 update
apt-get -q -y -o DPkg::Lock::Timeout=120 --no-install-recommends install "$@"

# Nor may they start at the next boot.
if [ -d /run/systemd/system ]; then
  for package in "$@"; do
    case $package in
      rtpengine-daemon | valkey-server | kamailio | keepalived | snmpd) systemctl disable --now "$package.service" >/dev/null 2>&1 || true ;;
    esac
  done
fi
