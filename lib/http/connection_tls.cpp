#include "lib/http/connection.hpp"

namespace bioctl::http {

void serve_tls(Server::Core& core, tcp::socket socket) {
    boost::system::error_code error;
    auto const peer = socket.remote_endpoint(error);
    if (error) return;  // gone already
    using One = Connection<TlsStream>;
    One::start(std::make_shared<One>(core, TlsStream{std::move(socket), *core.tls}, peer.address().to_string()));
}

}  // namespace bioctl::http
