#!/bin/sh
# The main job on real photos: enrol people from some photos, recognise them on others. Uses the demo photos of the npm package
# @vladmandic/face-api (MIT), which `make deps` installed; everything else goes to a folder of its own.
#
#   samples/demo.sh [BIOCTL [FOLDER]]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
bioctl=${1:-bioctl}
case $bioctl in */*) bioctl=$(cd "$(dirname "$bioctl")" && pwd)/$(basename "$bioctl") ;; esac
folder=${2:-$root/build/demo}
photos=$root/lib/face/npm/node_modules/@vladmandic/face-api/demo

rm -rf "$folder"
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
export BIOCTL_DATA_DIR="$folder/data"
export BIOCTL_CONFIG="$folder/bioctl.toml" BIOCTL_CONFIG_SYSTEM="$folder/none.toml"
: >"$BIOCTL_CONFIG"

cd "$photos"
step() { printf '\n$ bioctl %s\n' "$*"; "$bioctl" "$@"; }

# Group photos: --at picks the face at a pixel of the photo.
step enroll --id ani --name 'Ani Lestari' --at 1139,383 sample3.jpg
step enroll --id bunga --name 'Bunga Hartono' --at 658,486 sample3.jpg
step enroll --id citra --name 'Citra Dewi' --at 481,1044 sample5.jpg
step enroll --id dewi --name 'Dewi Sartika' --at 1276,497 sample6.jpg
step people list

# Ani is on another photo too; the others there are strangers.
step recognize --annotate "$folder/pictures" sample1.jpg sample3.jpg sample5.jpg sample6.jpg

"$bioctl" recognize --json sample1.jpg | grep -q '"person_id":"ani"' || {
    echo 'demo: Ani was not recognised on a photo that she was not enrolled from' >&2
    exit 1
}
printf '\nAni was enrolled from sample3.jpg and recognised on sample1.jpg. Pictures with boxes and names: %s\n' "$folder/pictures"
