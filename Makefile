# Front door. What is built and how is in CMakeLists.txt; options of the binary are in man/.
#
#   make deps       install the Debian packages and the npm package with the face models (asks for root only if something is missing)
#   make build      build/bioctl
#   make demo       enroll and recognise the people of a few photos
#   make test       unit, command-line and layer tests; SANITIZE=1 for AddressSanitizer and UBSan
#   make bench      measurements
#   make gen        write the generated parts of man/ and completions/ anew
#   make fmt lint   clang-format; clang-tidy and shellcheck
#   make install    DESTDIR= PREFIX=/usr/local

PREFIX ?= /usr/local
DESTDIR ?=
SANITIZE ?= 0
BUILD_TYPE ?= Release
JOBS ?= $(shell nproc)

ifeq ($(SANITIZE),1)
BUILD := build-asan
FLAGS := -DBIOCTL_SANITIZE=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo
else
BUILD := build
FLAGS := -DCMAKE_BUILD_TYPE=$(BUILD_TYPE)
endif

.PHONY: all deps build demo test bench gen fmt lint install uninstall clean

all: build

deps:
	.ci/deps

build:
	cmake -S . -B $(BUILD) -G Ninja $(FLAGS) -DCMAKE_INSTALL_PREFIX=$(PREFIX) -DBIOCTL_TESTS=OFF
	cmake --build $(BUILD) -j $(JOBS)

demo: deps build
	samples/demo.sh

test:
	cmake -S . -B $(BUILD) -G Ninja $(FLAGS) -DCMAKE_INSTALL_PREFIX=$(PREFIX) -DBIOCTL_TESTS=ON
	cmake --build $(BUILD) -j $(JOBS)
	ctest --test-dir $(BUILD) --output-on-failure -j $(JOBS)

bench:
	cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DBIOCTL_BENCH=ON
	cmake --build build -j $(JOBS)
	cmake --build build --target bench

gen: build
	$(BUILD)/bioctl generate man man
	$(BUILD)/bioctl generate completions completions
	cmake --build $(BUILD) -j $(JOBS)

fmt:
	.ci/deps --lint
	git ls-files '*.cpp' '*.hpp' | xargs clang-format -i

lint:
	.ci/deps --lint
	cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DBIOCTL_TESTS=ON
	git ls-files 'lib/*.cpp' 'cmd/*.cpp' | xargs clang-tidy -p build --quiet
	git ls-files '*.sh' '.ci/*' | xargs shellcheck

install: build
	DESTDIR=$(DESTDIR) cmake --install $(BUILD)

uninstall:
	xargs -r -d '\n' -I{} rm -fv "$(DESTDIR){}" < $(BUILD)/install_manifest.txt

clean:
	rm -rf build build-asan
