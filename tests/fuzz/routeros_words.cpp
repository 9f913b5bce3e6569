// The words of the RouterOS API, split anywhere.

#include "lib/ont/routeros_words.hpp"
#include "lib/app/hotspot.hpp"
#include "lib/base/text.hpp"
#include "lib/ont/routeros_session.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace bioctl;
using namespace bioctl::ont;

namespace {

std::vector<Words> read(std::string_view bytes, std::size_t piece) {
    SentenceReader reader{{.word = 4096, .sentence = 8192, .words = 100}};
    std::vector<Words> sentences;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        bool const is_well = fuzz::is_taken(reader.feed(bytes.substr(at, piece)));
        while (auto sentence = reader.next())
            sentences.push_back(std::move(*sentence));
        if (!is_well) break;
    }
    return sentences;
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const bytes = fuzz::text_of(data, size);
    auto const sentences = read(bytes, bytes.size() + 1);
    fuzz::require(read(bytes, 1) == sentences && read(bytes, 7) == sentences, "it does not matter how the bytes arrive");
    for (auto const& sentence : sentences) {
        fuzz::require(read(encoded_sentence(sentence), 3).at(0) == sentence, "a sentence of ours is read as it was written");
        auto const reply = reply_from(sentence);
        auto const user = app::active_user_from(reply);
        fuzz::require(is_utf8(user.user) && user.bytes_in >= 0 && user.bytes_out >= 0, "a user has a name and counts");
        for (auto const& [name, value] : reply.attributes)
            static_cast<void>(router_duration(value));
    }
    fuzz::require(is_utf8(router_text(bytes)), "a router's text becomes UTF-8");
    static_cast<void>(router_duration(bytes));
    fuzz::is_taken(md5_response("secret", bytes));
    return 0;
}
