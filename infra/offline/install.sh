#!/bin/sh
# Installs the bundle that this file is part of on Debian 13, as root; no network is used. The release that ran before stays for --back.
#   sh install.sh [--with kamailio,keepalived,valkey-sentinel] [--no-start]
#   sh install.sh --back
set -eu
case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in zh*) chinese=yes ;; *) chinese= ;; esac
say() { if [ -n "$chinese" ]; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi; }
stop() { say "$1" "$2" >&2; exit 1; }

releases=/opt/proofline-releases
running() { [ -d /run/systemd/system ]; }
usage() { sed -n '3,4s/^#   //p' "$0" >&2; exit 2; }

# Points /opt/proofline at a release in one step: at no moment is there none.
switch_to() {
  ln -sfn "$1" "$releases/.next"
  mv -T "$releases/.next" /opt/proofline
}
begin_again() {
  running || { say "No systemd runs here: start it with  systemctl restart proofline  after the next boot." "本机未运行 systemd：请在下次启动后执行 systemctl restart proofline。"; return; }
  systemctl daemon-reload
  say "The product is started again; calls may finish first." "正在重新启动产品；进行中的通话可先完成。"
  systemctl enable --quiet proofline.service
  systemctl restart proofline.service
}

with= start=yes back=
while [ $# -gt 0 ]; do
  case $1 in
    --with) [ $# -ge 2 ] || usage; with=$2; shift ;;
    --no-start) start= ;;
    --back) back=yes ;;
    *) usage ;;
  esac
  shift
done
[ "$(id -u)" = 0 ] || stop "Only root may install the product." "只有 root 可以安装本产品。"

if [ -n "$back" ]; then
  [ -L "$releases/before" ] || stop "No earlier release is kept on this machine." "本机没有保留先前版本。"
  before=$(readlink "$releases/before") now=$(readlink /opt/proofline)
  [ -d "$before" ] || stop "The earlier release $before is gone." "先前版本 $before 已不存在。"
  ln -sfn "$now" "$releases/before"
  switch_to "$before"
  say "In use again: ${before##*/}" "已恢复使用：${before##*/}"
  [ -z "$start" ] || begin_again
  exit 0
fi

here=$(cd "$(dirname "$0")" && pwd)
case $here in *[!A-Za-z0-9/._+~-]*) stop "Unpack the bundle in a folder whose name has letters, digits and . _ - only." "请将安装包解压到名称只含字母、数字及 . _ - 的目录。" ;; esac
. "$here/bundle.env"
. /etc/os-release
[ "${VERSION_CODENAME:-}" = trixie ] || stop "This bundle is for Debian 13; this is ${PRETTY_NAME:-another system}." "本安装包适用于 Debian 13；当前系统为 ${PRETTY_NAME:-其他系统}。"
[ "$(dpkg --print-architecture)" = "$ARCHITECTURE" ] || stop "This bundle is for $ARCHITECTURE; this machine is $(dpkg --print-architecture)." "本安装包适用于 $ARCHITECTURE；本机为 $(dpkg --print-architecture)。"
wanted=$PACKAGES
for name in $(printf %s "$with" | tr , ' '); do
  case " $ON_SOME " in *" $name "*) wanted="$wanted $name" ;; *) stop "This bundle has no package $name; it has: $ON_SOME" "本安装包没有软件包 $name；可选：$ON_SOME" ;; esac
done
[ -L /opt/proofline ] || [ ! -e /opt/proofline ] || stop "/opt/proofline is there and is no link that this program made: move it away first." "/opt/proofline 已存在，且不是由本程序建立的链接：请先移走。"

say "[1/4] The files are checked." "[1/4] 核对文件。"
(cd "$here" && sha256sum --check --quiet --strict SHA256SUMS) || stop "A file of the bundle is damaged or missing; nothing was installed." "安装包中有文件损坏或缺失；未安装任何内容。"

say "[2/4] The system packages are installed: $wanted" "[2/4] 安装系统软件包：$wanted"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial"
# Only the folder of the bundle is asked, whatever servers this machine knows. SHA256SUMS has vouched for it.
printf 'deb [trusted=yes] file:%s ./\n' "$here/packages" >"$work/sources.list"
cat >"$work/apt.conf" <<END
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$work/lists";
APT::Sandbox::User "root";
END
APT_CONFIG=$work/apt.conf sh "$here/product/infra/bootstrap/install-packages.sh" $wanted >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; stop "The system packages could not be installed." "系统软件包安装失败。"; }

say "[3/4] The product is put in place: $RELEASE" "[3/4] 安置产品：$RELEASE"
id proofline >/dev/null 2>&1 || useradd --system --home-dir /var/lib/proofline --shell /usr/sbin/nologin proofline
install -d -o proofline -g proofline -m 0700 /var/lib/proofline
install -d -o root -g proofline -m 0750 /etc/proofline
install -d -m 0755 "$releases"
release=$releases/$RELEASE
if [ ! -d "$release" ]; then
  rm -rf "$release.part"
  cp -R "$here/product" "$release.part"
  chown -R root:root "$release.part"
  chmod -R go=rX "$release.part"
  mv "$release.part" "$release"
fi
now=$(readlink /opt/proofline || true)
[ -z "$now" ] || [ "$now" = "$release" ] || ln -sfn "$now" "$releases/before"
switch_to "$release"
install -m 0755 "$here/proofline.sh" /usr/local/bin/proofline
install -d /etc/systemd/system/proofline.service.d
install -m 0644 "$release/infra/systemd/proofline.service" "$release/infra/systemd/proofline-relay.service" /etc/systemd/system/
install -m 0644 "$here/proofline.conf" /etc/systemd/system/proofline.service.d/bundle.conf
for old in "$releases"/*; do
  [ -L "$old" ] || [ "$old" = "$release" ] || [ "$old" = "$(readlink "$releases/before" || true)" ] || rm -rf "$old"
done

say "[4/4] Settings: /etc/proofline/proofline.env. First password: /var/lib/proofline/secrets/admin-password" "[4/4] 设置：/etc/proofline/proofline.env。首次登录密码：/var/lib/proofline/secrets/admin-password"
[ -z "$start" ] || begin_again
