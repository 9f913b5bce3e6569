#!/bin/sh
# Installs what the build and the tests need: Debian packages without recommends, and the npm package with the default models.
# Idempotent: what is there is not asked for again, so a second run needs neither root nor network.
#
#   deps.sh          for build, demo and test
#   deps.sh lint     clang-format and clang-tidy
set -eu
cd "$(dirname "$0")/../.."

build_packages='
    ca-certificates cmake g++ make ninja-build pkg-config scdoc
    libcli11-dev libcurl4-openssl-dev libdlib-dev libexpected-dev libfmt-dev libheif-dev libjpeg62-turbo-dev libopencv-core-dev
    libopencv-dnn-dev libopencv-imgproc-dev libpng-dev libsodium-dev libsqlite3-dev libsqlitecpp-dev libtiff-dev
    libtomlplusplus-dev libwebp-dev nlohmann-json3-dev
    bats catch2 jq sqlite3'
lint_packages='clang-format clang-tidy'

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        echo "make deps: missing Debian packages:$missing" >&2
        echo "make deps: neither root nor sudo here; have an administrator run: apt-get install --no-install-recommends$missing" >&2
        exit 1
    fi
}

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=
if [ "${1:-}" = lint ]; then packages=$lint_packages; else packages=$build_packages; fi
for package in $packages; do
    is_installed "$package" || missing="$missing $package"
done
# A Node.js from elsewhere conflicts with Debian's, so ask for Debian's only where there is none.
command -v npm >/dev/null 2>&1 || missing="$missing npm"
if [ -n "$missing" ]; then
    as_root apt-get update -qq
    # shellcheck disable=SC2086  # one word for each package
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
fi

models=lib/face/npm
if [ ! "$models/node_modules/.package-lock.json" -nt "$models/package-lock.json" ]; then
    (cd "$models" && npm ci --no-audit --no-fund --loglevel=error)
    touch "$models/node_modules/.package-lock.json"
fi
