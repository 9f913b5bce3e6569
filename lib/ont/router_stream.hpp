#pragma once
// A TCP or TLS connection with deadlines. Private to ont/.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "lib/ont/router_link.hpp"

namespace bioctl::ont {

using Deadline = std::chrono::steady_clock::time_point;

/// One thread. Failures are Error{no_host, unavailable, permission} without the name of the router; after one, nothing but the
/// destructor may be called.
class RouterStream {
public:
    /// Looks the name up, connects, and agrees on keys.
    RouterStream(RouterAccess const& access, std::function<bool()> should_stop, Deadline deadline);
    ~RouterStream();
    RouterStream(RouterStream const&) = delete;
    RouterStream& operator=(RouterStream const&) = delete;

    void write(std::string_view bytes, Deadline deadline);
    /// At least one byte, valid until the next call.
    [[nodiscard]] std::string_view read(Deadline deadline);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace bioctl::ont
