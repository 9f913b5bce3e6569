#pragma once
// openssl's own HTTPS server with a key made for the occasion: a peer that signs its own certificate, as terminals do.

#include <string>

#include <sys/types.h>

#include "tests/support/temp_dir.hpp"

namespace bioctl::test {

class TlsServer {
public:
    TlsServer();
    ~TlsServer();
    TlsServer(TlsServer const&) = delete;
    TlsServer& operator=(TlsServer const&) = delete;

    [[nodiscard]] std::string url() const;
    [[nodiscard]] std::string pin() const;  ///< "sha256//..." of its key

private:
    TempDir m_dir;
    pid_t m_child = -1;
    int m_output = -1;
    std::string m_port;
};

}  // namespace bioctl::test
