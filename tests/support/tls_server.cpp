#include "tests/support/tls_server.hpp"

#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/bytes.hpp"
#include "lib/base/file.hpp"

namespace bioctl::test {

namespace {

void run(std::string const& command) {
    if (std::system((command + " 2>/dev/null").c_str()) != 0) throw std::runtime_error("failed: " + command);
}

/// The port behind "ACCEPT 127.0.0.1:" in what the server says first.
std::string read_port(int output) {
    std::string said;
    char c = 0;
    while (::read(output, &c, 1) == 1) {
        if (c != '\n') {
            said += c;
        } else if (said.starts_with("ACCEPT ")) {
            return said.substr(said.rfind(':') + 1);
        } else {
            said.clear();
        }
    }
    throw std::runtime_error("openssl s_server does not start");
}

}  // namespace

TlsServer::TlsServer() {
    auto const key = (m_dir / "key.pem").string(), certificate = (m_dir / "cert.pem").string();
    run("openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=terminal -keyout " + key + " -out " +
        certificate);
    run("openssl pkey -in " + key + " -pubout -outform der -out " + (m_dir / "public.der").string());
    int ends[2];
    if (::pipe(&ends[0]) != 0) throw std::runtime_error("no pipe for openssl");
    m_child = ::fork();
    if (m_child == 0) {
        ::dup2(ends[1], STDOUT_FILENO);
        ::close(STDERR_FILENO);
        ::close(ends[0]);
        ::close(ends[1]);
        ::execlp("openssl", "openssl", "s_server", "-www", "-accept", "127.0.0.1:0", "-key", key.c_str(), "-cert",
                 certificate.c_str(), nullptr);
        ::_exit(127);
    }
    ::close(ends[1]);
    m_output = ends[0];
    m_port = read_port(m_output);
}

TlsServer::~TlsServer() {
    ::kill(m_child, SIGKILL);
    ::waitpid(m_child, nullptr, 0);
    ::close(m_output);
}

std::string TlsServer::url() const {
    return "https://127.0.0.1:" + m_port + "/";
}

std::string TlsServer::pin() const {
    auto const key = read_file(m_dir / "public.der", 10'000).value();
    return "sha256//" + to_base64(sha256(key).bytes);
}

}  // namespace bioctl::test
