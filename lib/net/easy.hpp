#pragma once
// libcurl's handle with our rules. Private to lib/net.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <curl/curl.h>

#include "lib/base/error.hpp"
#include "lib/net/http.hpp"

namespace bioctl::net {

class Easy {
    struct Cleanup {
        void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
        void operator()(curl_mime* form) const { curl_mime_free(form); }
    };

public:
    using Form = std::unique_ptr<curl_mime, Cleanup>;

    /// Redirects are not followed: each hop is checked by the caller.
    Easy(std::string const& url, HttpOptions options);
    Easy(Easy const&) = delete;  // libcurl knows the address of m_detail
    Easy& operator=(Easy const&) = delete;

    template <class Value>
    void set(CURLoption option, Value value) {
        if (curl_easy_setopt(m_handle.get(), option, value) != CURLE_OK) throw Error{Kind::bug, "libcurl refuses an option"};
    }
    void add_header(std::string const& line);
    void remove_headers();
    void set_url(std::string const& url);
    [[nodiscard]] Form make_form() const;

    /// As after construction, but connections stay open. Forgets a digest login with its nonce, which nothing else does.
    void reset();

    CURLcode perform();
    [[nodiscard]] long status() const;
    [[nodiscard]] long proxy_status() const;                   ///< of a proxy that was asked for a tunnel, 0 if none was
    [[nodiscard]] std::string redirect_target() const;         ///< absolute, "" if there is none
    [[nodiscard]] std::string header(char const* name) const;  ///< of the answer, "" if there is none
    [[nodiscard]] std::int64_t announced_bytes() const;        ///< of the body, -1 if unknown

    /// What a failed transfer means, with libcurl's own words.
    [[nodiscard]] Error error(CURLcode code, std::string_view next_step) const;

private:
    void apply_options();

    std::unique_ptr<CURL, Cleanup> m_handle;
    std::unique_ptr<curl_slist, Cleanup> m_headers;
    HttpOptions m_options;
    std::string m_url;
    char m_detail[CURL_ERROR_SIZE] = {};
};

}  // namespace bioctl::net
