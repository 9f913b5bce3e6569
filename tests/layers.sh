#!/bin/sh
# Who may include whom, and what lib/ may not do. An architecture rule without a test is a wish.
#
#   layers.sh [ROOT]     prints "file:line: rule" for each finding and exits 1; silent and 0 when the house is in order
set -eu
cd "${1:-$(dirname "$0")/..}"

find lib cmd -name node_modules -prune -o \( -name '*.cpp' -o -name '*.hpp' \) -print | sort | xargs awk '
BEGIN {
    # folder: the folders of ours it may include beside itself
    may["base"] = ""
    may["config"] = may["eval"] = may["match"] = may["image"] = may["net"] = "base"
    may["face"] = may["palm"] = "base image match"
    may["store"] = "base match"
    may["hikvision"] = may["ont"] = may["notify"] = "base net"
    may["app"] = "base config eval match image net face palm store hikvision ont notify"
    may["http"] = "base app"
    may["cmd"] = "base config eval match image net face palm store hikvision ont notify app http"

    # pattern of an include: the folders that may name it, and "cpp" if only their .cpp files may
    third("^CLI/", "cmd")
    third("^opencv2/", "image face palm app")
    third("^dlib/", "face palm")
    third("^(oneapi/|omp.h)", "face")
    third("^(SQLiteCpp/|sqlite3)", "store:cpp")
    third("^curl/", "net:cpp")
    third("^(asio|pugixml)", "hikvision:cpp ont:cpp notify:cpp http:cpp")
    third("^boost/", "http:cpp")
    third("^openssl/", "base:cpp ont:cpp http:cpp")
    third("^nlohmann/", "base:cpp config:cpp face:cpp palm:cpp net:cpp hikvision:cpp ont:cpp notify:cpp app:cpp http:cpp cmd:cpp")
    third("^toml\\+\\+/", "config:cpp")
    third("^sodium", "base:cpp")
    third("^zlib", "base:cpp")
    third("^date/", "app:cpp")
    third("^systemd/", "cmd:cpp")
    third("^(jpeglib|png|webp/|tiffio|libheif/)", "image")
    third("^iostream$", "cmd")

    # headers that may name third parties because only .cpp files of their own folder include them
    n = split("lib/store/connection.hpp lib/store/query.hpp lib/store/rows.hpp lib/net/easy.hpp lib/hikvision/tree.hpp lib/hikvision/event_row.hpp lib/notify/fields.hpp lib/app/ont_json.hpp lib/http/json.hpp lib/http/flask.hpp lib/http/photo_reply.hpp lib/http/api.hpp lib/http/api_photos.hpp lib/http/api_shapes.hpp lib/http/attendance_forms.hpp lib/http/core.hpp lib/http/exchange.hpp lib/http/connection.hpp lib/http/live_socket.hpp", names, " ")
    while (n) inner[names[n--]] = 1
}
function third(pattern, folders) { patterns[++count] = pattern; allowed[count] = folders }
function finding(rule) { printf "%s:%d: %s\n", FILENAME, FNR, rule; bad = 1 }
function has(list, word) { return index(" " list " ", " " word " ") > 0 }

FNR == 1 {
    split(FILENAME, path, "/")
    folder = path[1] == "lib" ? path[2] : path[1]
    is_cpp = FILENAME ~ /\.cpp$/
    if (FILENAME in inner) is_cpp = 1
}

/^#include "/ {
    header = $2
    gsub(/"/, "", header)
    if (header !~ /^(lib|cmd|tests)\//) finding("include from the root of the repository, not \"" header "\"")
    split(header, part, "/")
    other = part[1] == "lib" ? part[2] : part[1]
    if (other != folder && !has(may[folder], other)) finding(folder " may not include " other " (" header ")")
    if (header in inner && (other != folder || !is_cpp)) finding(header " is for the .cpp files of " other " only")
}

/^#include </ {
    header = $2
    gsub(/[<>]/, "", header)
    for (i = 1; i <= count; ++i) {
        if (header !~ patterns[i]) continue
        if (!has(allowed[i], folder) && !(is_cpp && has(allowed[i], folder ":cpp"))) {
            finding(folder (is_cpp ? "" : " headers") " may not include <" header ">")
        }
    }
}

folder != "cmd" {
    code = $0
    sub(/\/\/.*/, "", code)
    if (code ~ /std::(cout|cerr|clog)|[^_a-z:]printf\(|std::exit\(|[^_a-z]getenv\(/) finding("lib/ never prints, exits or reads the environment")
}

END { exit bad }
' || exit 1
