#include "lib/http/connection.hpp"

namespace bioctl::http {

void serve_plain(Server::Core& core, tcp::socket socket) {
    boost::system::error_code error;
    auto const peer = socket.remote_endpoint(error);
    if (error) return;  // gone already
    using One = Connection<PlainStream>;
    One::start(std::make_shared<One>(core, PlainStream{std::move(socket)}, peer.address().to_string()));
}

}  // namespace bioctl::http
