// LeakSanitizer asks for this name. libheif 1.15 forgets its AVIF decoder when the data are damaged, and x265, which only the
// tests use, keeps its tables.
extern "C" char const* __lsan_default_suppressions();
extern "C" char const* __lsan_default_suppressions() {
    return "leak:libheif.so\nleak:libdav1d.so\nleak:libx265.so\n";
}
