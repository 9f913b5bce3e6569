# Models made by hand, besides helpers.bash.

# The bytes of dlib's serialisation: a control byte (0x80 = negative, the number of bytes) and the number; all here have one byte.
half='\x01\x01\x81\x01'

column() {
    local i
    printf '\\x81\\x%02x\\x81\\x01' "$1"
    for ((i = 0; i < $1; i++)); do printf '%s' "$half"; done
}

# shape_file NAME POINTS: a dlib shape predictor with one tree of one split.
shape_file() {
    local shape anchors offsets
    shape=$(column $((2 * $2)))
    anchors=$(printf '\\x01\\x01\\x01\\x02\\x01\\x00\\x01\\x%02x' $(($2 - 1)))
    offsets="\x01\x01\x01\x02$half$half$half$half"
    printf "\x01\x01$shape\x01\x01\x01\x01\x01\x01\x01\x00\x01\x01$half\x01\x02$shape$shape$anchors$offsets" >"$1"
}
