# Installation: the files where they belong, a program that finds its parts there, and nothing left when it is removed.

load helpers

build=$(dirname "$BIOCTL")

setup() {
    setup_sandbox
    command -v cmake >/dev/null || skip "no cmake here"
    [ -e "$build/cmake_install.cmake" ] || skip "this bioctl is not of a build tree"
    # `make` behind the build, which whoever runs the tests has done. What it notes about an installation is put back.
    [ ! -e "$build/installed.txt" ] || cp "$build/installed.txt" before
    by_make install >log 2>&1 || fail "$(tail -5 log)"
    cp "$build/installed.txt" manifest
}

teardown() {
    [ ! -e manifest ] || rm -f "$build/installed.txt"
    [ ! -e before ] || cp before "$build/installed.txt"
}

by_make() { make -C "$repository" --no-print-directory -o build "$1" "BUILD=$build" "DESTDIR=$PWD/root" PREFIX=/usr; }

@test "what is installed finds its models and modules, and has its pages" {
    run_split root/usr/bin/bioctl doctor
    assert_status 0
    assert_stdout_has "$PWD/root/usr/lib/bioctl/bioctl-image-rare.so"
    assert_stdout_has "face_modules	onednn, opencv, dlib"
    assert_stdout_has "model:faceapi-resnet"
    local page
    for page in "$repository"/man/*.scd; do
        page=$(basename "$page" .scd)
        [ -s "root/usr/share/man/man${page##*.}/$page" ] || fail "$page is not installed"
    done
    for page in bash-completion/completions/bioctl zsh/site-functions/_bioctl fish/vendor_completions.d/bioctl.fish; do
        [ -s "root/usr/share/$page" ] || fail "$page is not installed"
    done
    # Of a link, too, as /usr/local/bin often has them.
    ln -s "$PWD/root/usr/bin/bioctl" linked
    run_split ./linked doctor
    assert_status 0
}

@test "uninstall leaves an empty tree, and files that are not ours" {
    by_make uninstall
    [ "$(find root | wc -l)" = 1 ] || fail "left: $(find root)"
}

@test "uninstall keeps the folders of others" {
    mkdir -p root/usr/share/bioctl/models
    touch root/usr/bin/other root/usr/share/bioctl/models/own.dat
    by_make uninstall
    [ "$(cd root && find . -type f | sort | tr '\n' ' ')" = "./usr/bin/other ./usr/share/bioctl/models/own.dat " ]
    # A second time there is nothing to do.
    by_make uninstall
}

@test "in a living system only folders of bioctl go, however empty others are" {
    # As with DESTDIR= and PREFIX=$PWD/root/usr.
    sed "s|^|$PWD/root|" manifest >living
    cmake -DMANIFEST="$PWD/living" -DDESTDIR= -P "$repository/lib/cmake/Uninstall.cmake"
    [ -z "$(find root -type f)" ]
    [ ! -e root/usr/share/bioctl ] && [ ! -e root/usr/lib/bioctl ]
    [ -d root/usr/bin ] && [ -d root/usr/share/man/man1 ]
}

@test "the package's changelog and settings are right" {
    local version
    version=$(sed -nE 's/^project\(bioctl VERSION ([0-9.]+).*/\1/p' "$repository/CMakeLists.txt")
    head -1 "$repository/cmd/package/changelog" | grep -q "^bioctl ($version-"
    # Each default that is commented out is a key, with a value that it takes.
    sed -E 's/^#([a-z_]+ = )/\1/' "$repository/cmd/package/bioctl.toml" >all.toml
    run_split bioctl config show --config "$PWD/all.toml"
    assert_status 0
    assert_stdout_has "all.toml:"
    # As they are shown, but for the threshold (measured) and the folder.
    run_split bash -c '"$BIOCTL" config show --json --config "$PWD/all.toml" | jq -r "[.key, .value] | @tsv" | sort >as_set
        "$BIOCTL" config show --json | jq -r "[.key, .value] | @tsv" | sort >default; diff default as_set | grep "^[<>]" | grep -v "data_dir\|^. threshold"'
    assert_stdout ""
    for version in postinst prerm postrm; do sh -n "$repository/cmd/package/$version"; done
    # The units that the scripts stop and restart are those that there are.
    local unit
    for unit in $(sed -nE "s/^units='(.*)'/\1/p" "$repository/cmd/package/postinst"); do
        [ -e "$repository/samples/systemd/$unit" ] || fail "there is no $unit"
        grep -q "$unit" "$repository/cmd/package/prerm" || fail "prerm does not stop $unit"
        grep -q "wants/$unit" "$repository/cmd/package/postrm" || fail "postrm forgets $unit"
    done
}
