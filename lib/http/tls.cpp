// Certificates: read, checked, and made ready for connections.

#include <fmt/format.h>
#include <openssl/ssl.h>

#include "lib/base/text.hpp"
#include "lib/http/core.hpp"

namespace bioctl::http {

namespace {

[[noreturn]] void refuse(fs::path const& file, std::string_view what, boost::system::error_code const& error) {
    throw Error{Kind::config, fmt::format("{}: {}: {}", printable(file.string()), what, error.message())};
}

}  // namespace

std::shared_ptr<asio::ssl::context> make_tls(TlsFiles const& files) {
    using asio::ssl::context;
    auto tls = std::make_shared<context>(context::tls_server);
    tls->set_options(context::default_workarounds | context::no_sslv2 | context::no_sslv3 | context::no_tlsv1 |
                     context::no_tlsv1_1 | context::no_compression);
    ::SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
    // Nobody may have us negotiate again and again at our cost.
    ::SSL_CTX_set_options(tls->native_handle(), SSL_OP_NO_RENEGOTIATION);
    // A key with a pass phrase would have OpenSSL ask on the terminal.
    boost::system::error_code error;
    tls->set_password_callback([](std::size_t, context::password_purpose) { return std::string{}; }, error);
    tls->use_certificate_chain_file(files.certificate.string(), error);
    if (error) refuse(files.certificate, "this certificate cannot be used; it must be PEM, with its chain", error);
    tls->use_private_key_file(files.key.string(), context::pem, error);
    if (error)
        refuse(files.key, "this key cannot be used; it must be PEM, without a pass phrase, and fit the certificate", error);
    if (::SSL_CTX_check_private_key(tls->native_handle()) != 1)
        throw Error{Kind::config,
                    fmt::format("{} is not the key of {}", printable(files.key.string()), printable(files.certificate.string()))};
    return tls;
}

}  // namespace bioctl::http
