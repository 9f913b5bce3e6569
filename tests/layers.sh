#!/bin/sh
# Who may include whom. Prints "file:line: rule" for each violation and ends with 1 if there is any.
# usage: tests/layers.sh [ROOT]
set -eu
cd "${1:-$(dirname "$0")/..}"

files=$(find lib cmd -name node_modules -prune -o \( -name '*.cpp' -o -name '*.hpp' \) -print | LC_ALL=C sort)

# shellcheck disable=SC2086,SC2016 # names of ours hold no blanks; the dollars are of awk
awk '
BEGIN {
    # Folders of lib/ that a folder may include besides itself.
    may["base"] = ""
    may["config"] = may["match"] = may["image"] = may["net"] = "base"
    may["store"] = "base match"
    may["face"] = may["palm"] = "base image match"
    may["hikvision"] = may["ont"] = may["notify"] = "base net"
    may["app"] = "base config match image face palm store net hikvision ont notify"
    may["http"] = "base app"
    may["cmd"] = may["app"] " app http"

    # Third-party headers: prefixes, the folders that may include them, and "cpp" if other folders must not see them: then a header
    # that includes them is private, and so is every header that includes that one.
    third("CLI/", "cmd", "")
    third("fmt/", "*", "")
    third("tl/expected.hpp", "*", "")
    third("nlohmann/", "config match face palm app hikvision ont notify http cmd/ui", "cpp")
    third("toml++/", "config", "cpp")
    third("opencv2/", "image face palm", "")
    third("dlib/", "face palm", "")
    third("jpeglib.h jerror.h turbojpeg.h png.h webp/ tiff tiffio.h libheif/", "image", "")
    third("SQLiteCpp/ sqlite3.h", "store", "cpp")
    third("sodium", "base", "cpp")
    third("curl/ archive", "net", "cpp")
    third("pugixml", "hikvision ont notify", "cpp")
    third("asio", "hikvision ont notify http", "cpp")
    third("restinio/", "http", "")
    third("spdlog/", "cmd", "")
}

function third(prefixes, folders, only,    list, n, i) {
    n = split(prefixes, list, " ")
    for (i = 1; i <= n; ++i) {
        third_folders[list[i]] = folders
        third_only[list[i]] = only
    }
}

function has(list, word) { return index(" " list " ", " " word " ") > 0 }

function finding(rule) { finding_at(FILENAME ":" FNR, rule) }

function finding_at(where, rule) {
    print where ": " rule
    found = 1
}

FNR == 1 {
    n = split(FILENAME, part, "/")
    folder = part[1] == "lib" ? part[2] : "cmd"
    place = n > 2 && part[1] == "cmd" ? "cmd/" part[2] : folder
    is_header = FILENAME ~ /\.hpp$/
    if (!(folder in may)) finding("folder " folder " is not in the table of layers")
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, quoted, "\"")
    m = split(quoted[2], to, "/")
    if (folder != to[2]) outsider[quoted[2]] = FILENAME
    else if (is_header) includers[quoted[2]] = includers[quoted[2]] " " FILENAME
    if (to[1] == "lib" && m == 3) {
        if (to[2] != folder && !has(may[folder], to[2])) finding(folder " may not include lib/" to[2])
    } else if (to[1] == "cmd") {
        if (folder != "cmd") finding("lib may not include cmd")
    } else {
        finding("\"" quoted[2] "\" is not a path from the root of the repository")
    }
}

/^[ \t]*#[ \t]*include[ \t]*</ {
    split($0, angled, /[<>]/)
    header = angled[2]
    if (folder != "cmd" && header == "iostream") finding("lib never prints: no <iostream>")
    known = ""
    for (prefix in third_folders) {
        if (index(header, prefix) == 1 && length(prefix) > length(known)) known = prefix
    }
    if (known == "") {
        if (header ~ /\// && header !~ /^(sys|net|netinet|arpa|linux)\//) finding("<" header "> is not in the table of third parties")
        next
    }
    allowed = third_folders[known]
    if (allowed != "*" && !has(allowed, folder) && !has(allowed, place)) finding(place " may not include <" header ">")
    else if (third_only[known] == "cpp" && is_header) {
        private[FILENAME] = FILENAME ":" FNR
        private_header[FILENAME ":" FNR] = "<" header ">"
    }
    next
}

folder != "cmd" {
    code = $0
    gsub(/\\./, "", code)
    gsub(/"[^"]*"/, "", code)
    sub(/\/\/.*/, "", code)
    if (code ~ /std::(cout|cerr|clog|cin)/) finding("lib never prints or reads the terminal")
    if (code ~ /(^|[^A-Za-z0-9_.>])(printf|puts|putchar)[ \t]*\(/) finding("lib never prints")
    if (code ~ /(^|[^A-Za-z0-9_.>])(exit|_exit|quick_exit|abort|terminate)[ \t]*\(/) finding("lib never ends the process")
    if (code ~ /(^|[^A-Za-z0-9_])(getenv|secure_getenv|setenv|environ)([^A-Za-z0-9_]|$)/) finding("lib never reads the environment")
    if (code ~ /(^|[^A-Za-z0-9_])argv([^A-Za-z0-9_]|$)/) finding("lib never reads argv")
}

END {
    do {
        grown = 0
        for (file in private) {
            n = split(includers[file], list, " ")
            for (i = 1; i <= n; ++i) {
                if (list[i] in private) continue
                private[list[i]] = private[file]
                grown = 1
            }
        }
    } while (grown)
    for (file in private) {
        if (file in outsider) {
            where = private[file]
            finding_at(where, private_header[where] " stays within its folder, but " outsider[file] " gets it by " file)
        }
    }
    exit found
}
' $files
