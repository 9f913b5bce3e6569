#pragma once
// How the tests reach a simulated router.

#include <cstdlib>
#include <stdexcept>
#include <string>

#include "lib/ont/router_link.hpp"
#include "tests/support/routeros_sim/server.hpp"
#include "tests/support/temp_dir.hpp"

namespace bioctl::test {

inline std::chrono::steady_clock::time_point in(std::chrono::milliseconds time) {
    return std::chrono::steady_clock::now() + time;
}

inline ont::RouterAccess access_to(routeros_sim::Server const& server) {
    ont::RouterAccess access;
    access.host = "127.0.0.1";
    access.port = server.port();
    access.tls = ont::RouterTls::off;
    access.user = "monitor";
    access.password = "router-Secret-1";
    return access;
}

/// A key and the certificate it signed itself, for 127.0.0.1.
class OwnCertificate {
public:
    OwnCertificate() {
        run("openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=127.0.0.1"
            " -addext subjectAltName=IP:127.0.0.1 -keyout " +
            key() + " -out " + file());
    }
    [[nodiscard]] std::string file() const { return (m_dir / "cert.pem").string(); }
    [[nodiscard]] std::string key() const { return (m_dir / "key.pem").string(); }
    /// As curl(1) tells to make it.
    [[nodiscard]] std::string pin() const {
        auto const out = (m_dir / "pin").string();
        run("openssl pkey -in " + key() + " -pubout -outform der | openssl dgst -sha256 -binary | openssl enc -base64 > " + out);
        auto const text = read_text(m_dir / "pin");
        return "sha256//" + text.substr(0, text.find('\n'));
    }

private:
    static void run(std::string const& command) {
        if (std::system(("{ " + command + "; } 2>/dev/null").c_str()) != 0) throw std::runtime_error("failed: " + command);
    }
    TempDir m_dir;
};

}  // namespace bioctl::test
