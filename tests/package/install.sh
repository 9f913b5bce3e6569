#!/bin/bash
# install.sh FILE.deb: the package in a fresh Debian 12 that has nothing but what is essential: installed by apt with what it depends on,
# used as the README says, installed again, removed, purged. Wants root and the network; without, it says that it was skipped.
set -euo pipefail
[ $# = 1 ] || { echo "usage: $0 FILE.deb" >&2; exit 64; }
repository=$(cd "$(dirname "$0")/../.." && pwd)
package=$(realpath "$1")
mirror=${BIOCTL_MIRROR:-http://deb.debian.org/debian}
photos=$repository/lib/face/npm/node_modules/@vladmandic/face-api/demo

skip() { echo "test-package: skipped: $1"; exit 0; }
[ "$(id -u)" = 0 ] || skip "not root: no chroot can be made"
command -v debootstrap >/dev/null || skip "no debootstrap; .ci/deps package installs it"
if [ -z "${BIOCTL_IN_NAMESPACE-}" ]; then
    # Mounts and processes of its own, which go when it ends, however it ends.
    unshare --mount --pid --fork true 2>/dev/null || skip "no namespaces here"
    curl -sfI --max-time 20 "$mirror/dists/bookworm/Release" >/dev/null || skip "$mirror cannot be reached"
    BIOCTL_IN_NAMESPACE=1 exec unshare --mount --pid --fork --kill-child "$0" "$package"
fi

folder=$(mktemp -d)
trap 'umount "$folder/proc" 2>/dev/null || true; rm -rf --one-file-system "$folder"' EXIT

step() { printf '\n== %s\n' "$*"; }
die() { printf 'test-package: FAILED: %s\n' "$*" >&2; exit 1; }
# The words of a shell in the new system.
inside() { chroot "$folder" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
as_service() { inside runuser -u bioctl -- "$@"; }
named_bioctl() { inside find / -xdev -name '*bioctl*' -not -path '/var/lib/bioctl/*' -not -path '/proc/*' -not -path '/photos*' -not -name '*.deb' | sort; }
expect() { [ "$2" = "$3" ] || die "$1: expected '$2', found '$3'"; }

step "the program is hardened"
mkdir "$folder/unpacked"
dpkg-deb -x "$package" "$folder/unpacked"
for file in "$folder"/unpacked/usr/bin/bioctl "$folder"/unpacked/usr/lib/bioctl/*.so; do
    readelf -hdlW "$file" >"$folder/elf"
    grep -q 'Type: *DYN' "$folder/elf" || die "$file is not position independent"
    grep -q GNU_RELRO "$folder/elf" || die "$file has no RELRO"
    grep -qE 'BIND_NOW|FLAGS.*NOW' "$folder/elf" || die "$file is not bound at once"
    readelf -SW "$file" | grep -q '\.symtab' && die "$file is not stripped"
done
readelf --dyn-syms -W "$folder/unpacked/usr/bin/bioctl" >"$folder/symbols"
for symbol in __stack_chk_fail __memcpy_chk; do grep -q "$symbol" "$folder/symbols" || die "the program does not use $symbol"; done
rm -rf "$folder/unpacked" "$folder/elf" "$folder/symbols"

step "a fresh bookworm"
debootstrap --variant=minbase bookworm "$folder" "$mirror" >"$folder.log" 2>&1 || { tail -5 "$folder.log" >&2; die "debootstrap"; }
rm -f "$folder.log"
chmod 755 "$folder"  # apt reads lists as a user of its own
mount -t proc proc "$folder/proc"
cp "$package" "$folder/bioctl.deb"
mkdir "$folder/photos"
cp "$photos"/sample1.jpg "$photos"/sample3.jpg "$folder/photos/"
inside apt-get update -qq

step "apt installs it"
inside apt-get install -y -qq --no-install-recommends /bioctl.deb >"$folder/apt.log" 2>&1 || { tail -20 "$folder/apt.log" >&2; die "apt-get install"; }
rm "$folder/apt.log"
expect "owner of /etc/bioctl" "750 root bioctl" "$(inside stat -c '%a %U %G' /etc/bioctl)"
expect "owner of the settings" "640 root bioctl" "$(inside stat -c '%a %U %G' /etc/bioctl/bioctl.toml)"
expect "owner of the data" "700 bioctl bioctl" "$(inside stat -c '%a %U %G' /var/lib/bioctl)"
expect "capabilities of the program" "" "$(getcap "$folder/usr/bin/bioctl" 2>/dev/null || true)"
expect "services that run by themselves" "" "$(inside find /etc/systemd -name '*bioctl*')"

step "the first commands"
inside bioctl version | head -1
as_service bioctl doctor
inside cat /photos/sample3.jpg | as_service bioctl enroll --id ani --name 'Ani Lestari' --at 1139,383 -
found=$(inside cat /photos/sample1.jpg | as_service bioctl recognize --json - | grep -c '"person_id":"ani"' || true)
expect "people recognised" 1 "$found"
expect "owner of the store" "600 bioctl" "$(inside stat -c '%a %U' /var/lib/bioctl/bioctl.db)"
as_service bioctl help recognize | head -3
# Each module and libcurl can be opened with what apt brought along.
for module in "$folder"/usr/lib/bioctl/*.so; do
    inside ldd "${module#"$folder"}" | grep 'not found' && die "$module lacks libraries"
done
if as_service bioctl -q models install yunet --url http://127.0.0.1:9/ 2>"$folder/curl.log"; then die "a download from nowhere"; fi
grep -q libcurl4 "$folder/curl.log" && die "libcurl is not there: $(cat "$folder/curl.log")"

step "an ordinary user has settings and data of their own"
inside useradd --create-home siti
inside runuser -u siti -- bioctl config get data_dir | grep -q '^/home/siti/' || die "siti works on the data of the services"

step "serve answers with the user and the folder of its unit"
inside runuser -u bioctl -- env BIOCTL_DATA_DIR=/var/lib/bioctl bioctl serve --no-access-log --listen 127.0.0.1:18099 2>"$folder/serve.log" &
for _ in $(seq 100); do grep -q 'listening on' "$folder/serve.log" && break; sleep 0.1; done
curl -sf --max-time 20 http://127.0.0.1:18099/metrics | grep '^bioctl_people 1$' || die "serve: $(cat "$folder/serve.log")"
# shellcheck disable=SC2016  # for the shell inside
inside sh -c 'kill -TERM $(grep -lzx serve /proc/[0-9]*/cmdline | cut -d/ -f3)' 2>/dev/null || true
wait %1 || true
rm "$folder/serve.log"

step "installed again: what an administrator changed stays"
inside chmod 0700 /var/lib/bioctl
inside sh -c 'echo "timezone = \"Asia/Makassar\"" >>/etc/bioctl/bioctl.toml; chmod 0644 /etc/bioctl/bioctl.toml'
inside apt-get install -y -qq --reinstall /bioctl.deb >/dev/null 2>&1
expect "mode after the change" 644 "$(inside stat -c %a /etc/bioctl/bioctl.toml)"
expect "time zone" Asia/Makassar "$(inside bioctl config get timezone)"
expect "people after it" 1 "$(as_service bioctl people list | wc -l)"

step "removed: settings and data stay, nothing else"
inside apt-get remove -y -qq bioctl >/dev/null 2>&1
expect "what is left" "/etc/bioctl /etc/bioctl/bioctl.toml /var/lib/bioctl /var/lib/dpkg/info/bioctl.list /var/lib/dpkg/info/bioctl.postrm " \
    "$(named_bioctl | tr '\n' ' ')"
inside test -s /var/lib/bioctl/bioctl.db || die "the store is gone"

step "purged: only data stay"
inside apt-get purge -y -qq bioctl 2>&1 | grep -q 'are kept' || die "purge does not say that the data are kept"
expect "what is left" "/var/lib/bioctl " "$(named_bioctl | tr '\n' ' ')"
inside getent passwd bioctl >/dev/null || die "the owner of the data is gone"

step "installed and purged without data: nothing stays"
rm -r "$folder/var/lib/bioctl"
inside apt-get install -y -qq --no-install-recommends /bioctl.deb >/dev/null 2>&1
inside apt-get purge -y -qq bioctl >/dev/null 2>&1
expect "what is left" "" "$(named_bioctl | tr '\n' ' ')"
inside getent passwd bioctl && die "the user is still there"

printf '\ntest-package: all is well\n'
