# The front door: every job by its name. No logic of its own beyond calling the tool that does it.
#
#   make deps    install what the build needs (Debian packages, the npm package with the default models)
#   make build   build/bioctl, Release
#   make demo    deps and build, then enrol and recognise people on real photos
#   make test    deps and build, then every test; SANITIZE=1 for AddressSanitizer and UndefinedBehaviorSanitizer,
#                SANITIZE=thread for ThreadSanitizer
#   make test-long   the tests that measure accuracy on LFW View 1 too, which wants the photos of BIOCTL_TEST_DATA, and those that kill
#                    bioctl hundreds of times and let thousands of its calls fail; half an hour
#   make bench   one table against named peers, then accuracy and more; minutes; see tests/bench/README.md. BIOCTL_BENCH_PHOTOS=10000 for memory
#   make bench-json  the table as one JSON object
#   make bench-palm   accuracy and speed of palms, where there are photos of palms; BIOCTL_PALM_EVERY=N for a part of it
#   make deb     build/package/bioctl_VERSION_ARCH.deb, and what lintian says of it
#   make test-package   installs that package in a fresh Debian, uses it, removes it; wants root and the network
#   make fuzz    every parser of outside bytes under libFuzzer and sanitizers, FUZZ_SECONDS=60 each; see tests/fuzz/README.md
#   make gen     rewrite OPTIONS of the man pages and the completions from the table of verbs
#   make fmt, make lint, make install [PREFIX=/usr/local] [DESTDIR=], make uninstall, make clean

PREFIX ?= /usr/local
DESTDIR ?=
JOBS ?= $(shell nproc)
# One more than there are cores, for a test often waits: for a time-out, a browser, a peer that stalls.
TEST_JOBS ?= $(shell expr $(JOBS) + 1)
SANITIZE ?=

ifeq ($(SANITIZE),1)
BUILD := build-asan
CONFIG := -DCMAKE_BUILD_TYPE=RelWithDebInfo -DBIOCTL_SANITIZE=ON -DBIOCTL_PCH=OFF
# g++ 12's LeakSanitizer takes what is before a thread's variables of a module for their address, and now and then crashes there.
export ASAN_OPTIONS ?= intercept_tls_get_addr=0
else ifeq ($(SANITIZE),thread)
BUILD := build-tsan
CONFIG := -DCMAKE_BUILD_TYPE=RelWithDebInfo -DBIOCTL_SANITIZE=thread -DBIOCTL_PCH=OFF
else
BUILD := build
CONFIG := -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=$(PREFIX)
endif

SOURCES = $(shell git ls-files '*.cpp' '*.hpp')

.PHONY: all deps build demo test test-long bench bench-json bench-build bench-palm fuzz gen fmt lint install uninstall deb test-package clean
all: build

deps:
	@.ci/deps

build: deps
	cmake -S . -B $(BUILD) -G Ninja $(CONFIG)
	cmake --build $(BUILD) -j $(JOBS)

demo: build
	samples/demo.sh $(BUILD)/bioctl

test: build
	cd $(BUILD) && ctest --output-on-failure -j $(TEST_JOBS)

# Those that BIOCTL_LONG_TESTS adds, and their neighbours: without the photos they say that they were skipped.
test-long: build
	cd $(BUILD) && BIOCTL_LONG_TESTS=1 ctest --output-on-failure -j $(JOBS) -R '^(unit/app|cli/(evaluate|faults|kill9))$$'

bench-build: deps
	@.ci/deps bench
	cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DBIOCTL_BENCH=ON
	cmake --build build -j $(JOBS)

bench: bench-build
	tests/bench/run.sh build

# Everything but the object goes to stderr, so that it can be redirected into a file.
bench-json:
	@$(MAKE) --no-print-directory bench-build >&2
	@tests/bench/table.py --json build

bench-palm: deps
	cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DBIOCTL_BENCH=ON
	cmake --build build -j $(JOBS) --target palm_bench
	build/tests/bench/palm_bench

fuzz: deps
	@.ci/deps fuzz
	cmake -S . -B build-fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=RelWithDebInfo -DBIOCTL_SANITIZE=ON -DBIOCTL_PCH=OFF -DBIOCTL_FUZZ=ON
	cmake --build build-fuzz -j $(JOBS) --target fuzz

gen: build
	$(BUILD)/bioctl generate man man
	$(BUILD)/bioctl generate completions completions

fmt:
	@.ci/deps lint
	clang-format -i $(SOURCES)

lint:
	@.ci/deps lint
	clang-format --dry-run --Werror $(SOURCES)
	cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release
	clang-tidy -p build --quiet $(filter-out tests/%,$(filter %.cpp,$(SOURCES)))

install: build
	DESTDIR="$(DESTDIR)" cmake --install $(BUILD) --prefix "$(PREFIX)"
	@# CPack overwrites the other one.
	cp $(BUILD)/install_manifest.txt $(BUILD)/installed.txt

uninstall:
	cmake -DMANIFEST=$(BUILD)/installed.txt "-DDESTDIR=$(DESTDIR)" -P lib/cmake/Uninstall.cmake

deb: build
	@.ci/deps package
	rm -rf $(BUILD)/package
	@# The same sources give the same package, to the last byte.
	SOURCE_DATE_EPOCH=$$(dpkg-parsechangelog -l cmd/package/changelog -S Timestamp) cpack --config $(BUILD)/CPackConfig.cmake
	lintian --fail-on error --tag-display-limit 0 $(BUILD)/package/*.deb

test-package: deb
	tests/package/install.sh $(BUILD)/package/*.deb

clean:
	rm -rf build build-asan build-fuzz build-tsan
