// libcurl, opened at its first use. It brings thirty libraries (Kerberos, LDAP, GnuTLS, ...) whose start takes longer than that
// of everything else together, and most runs of bioctl never speak HTTP. These are the functions of libcurl that net/ calls,
// under their own names; each looks up the real one.

#include <cstdarg>
#include <string>

#include <curl/curl.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include "lib/base/error.hpp"

#undef curl_easy_setopt
#undef curl_easy_getinfo

namespace bioctl::net {

namespace {

constexpr char const* k_library = "libcurl.so.4";

[[noreturn]] void fail(char const* what) {
    char const* const cause = ::dlerror();
    throw Error{Kind::config,
                fmt::format("HTTP and mail need {}: {}; install libcurl4", what, cause == nullptr ? "it is damaged" : cause)};
}

void* library() {
    static void* const handle = [] {
        void* const opened = ::dlopen(k_library, RTLD_LAZY | RTLD_LOCAL);
        if (opened == nullptr) fail(k_library);
        return opened;  // never closed: transfers may be running in other threads
    }();
    return handle;
}

template <class Function>
Function* real(char const* name, Function* /*the one declared in curl.h*/) {
    auto* const found = ::dlsym(library(), name);
    if (found == nullptr) fail(name);
    return reinterpret_cast<Function*>(found);
}

}  // namespace

}  // namespace bioctl::net

// The lookup is done once for each function.
#define BIOCTL_REAL(name) static auto* const real_##name = bioctl::net::real(#name, &name)

extern "C" {

CURLcode curl_global_init(long flags) {
    BIOCTL_REAL(curl_global_init);
    return real_curl_global_init(flags);
}

CURL* curl_easy_init() {
    BIOCTL_REAL(curl_easy_init);
    return real_curl_easy_init();
}

void curl_easy_cleanup(CURL* handle) {
    BIOCTL_REAL(curl_easy_cleanup);
    real_curl_easy_cleanup(handle);
}

void curl_easy_reset(CURL* handle) {
    BIOCTL_REAL(curl_easy_reset);
    real_curl_easy_reset(handle);
}

CURLcode curl_easy_perform(CURL* handle) {
    BIOCTL_REAL(curl_easy_perform);
    return real_curl_easy_perform(handle);
}

// One argument of a type that the option says. libcurl itself reads it as the option's kind (tens of thousands each) tells.
CURLcode curl_easy_setopt(CURL* handle, CURLoption option, ...) {
    BIOCTL_REAL(curl_easy_setopt);
    va_list arguments;
    va_start(arguments, option);
    CURLcode result;
    if (option < CURLOPTTYPE_OBJECTPOINT) {
        result = real_curl_easy_setopt(handle, option, va_arg(arguments, long));
    } else if (option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB) {
        result = real_curl_easy_setopt(handle, option, va_arg(arguments, curl_off_t));
    } else {
        result = real_curl_easy_setopt(handle, option, va_arg(arguments, void*));
    }
    va_end(arguments);
    return result;
}

CURLcode curl_easy_getinfo(CURL* handle, CURLINFO info, ...) {
    BIOCTL_REAL(curl_easy_getinfo);
    va_list arguments;
    va_start(arguments, info);
    auto const result = real_curl_easy_getinfo(handle, info, va_arg(arguments, void*));
    va_end(arguments);
    return result;
}

char const* curl_easy_strerror(CURLcode code) {
    BIOCTL_REAL(curl_easy_strerror);
    return real_curl_easy_strerror(code);
}

CURLHcode curl_easy_header(CURL* handle, char const* name, size_t index, unsigned int origin, int request, curl_header** header) {
    BIOCTL_REAL(curl_easy_header);
    return real_curl_easy_header(handle, name, index, origin, request, header);
}

curl_mime* curl_mime_init(CURL* handle) {
    BIOCTL_REAL(curl_mime_init);
    return real_curl_mime_init(handle);
}

void curl_mime_free(curl_mime* mime) {
    BIOCTL_REAL(curl_mime_free);
    real_curl_mime_free(mime);
}

curl_mimepart* curl_mime_addpart(curl_mime* mime) {
    BIOCTL_REAL(curl_mime_addpart);
    return real_curl_mime_addpart(mime);
}

CURLcode curl_mime_name(curl_mimepart* part, char const* name) {
    BIOCTL_REAL(curl_mime_name);
    return real_curl_mime_name(part, name);
}

CURLcode curl_mime_filename(curl_mimepart* part, char const* name) {
    BIOCTL_REAL(curl_mime_filename);
    return real_curl_mime_filename(part, name);
}

CURLcode curl_mime_type(curl_mimepart* part, char const* type) {
    BIOCTL_REAL(curl_mime_type);
    return real_curl_mime_type(part, type);
}

CURLcode curl_mime_data(curl_mimepart* part, char const* data, size_t size) {
    BIOCTL_REAL(curl_mime_data);
    return real_curl_mime_data(part, data, size);
}

curl_slist* curl_slist_append(curl_slist* list, char const* text) {
    BIOCTL_REAL(curl_slist_append);
    return real_curl_slist_append(list, text);
}

void curl_slist_free_all(curl_slist* list) {
    BIOCTL_REAL(curl_slist_free_all);
    real_curl_slist_free_all(list);
}
}
