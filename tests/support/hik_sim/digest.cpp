#include "tests/support/hik_sim/digest.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <span>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "lib/base/bytes.hpp"
#include "lib/base/text.hpp"
#include "tests/support/hik_sim/random.hpp"

namespace bioctl::hik_sim {

namespace {

using Parameters = std::map<std::string, std::string>;

constexpr int k_max_wrong = 5;               // maxIllegalLoginTimes
constexpr std::size_t k_kept_nonces = 64;    // an older one is stale
constexpr std::uint64_t k_stale_every = 10;  // signed requests
constexpr std::size_t k_max_parameters = 16;

/// Takes "quoted \" text" or a token off the front.
std::optional<std::string> take_value(std::string_view& rest) {
    std::string value;
    if (!rest.starts_with('"')) {
        auto const size = std::min(rest.find(','), rest.size());
        value = trim(rest.substr(0, size));
        rest.remove_prefix(size);
        return value;
    }
    for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] == '"') {
            rest.remove_prefix(i + 1);
            return value;
        }
        if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
        value += rest[i];
    }
    return std::nullopt;
}

std::optional<unsigned long> nonce_count(std::string_view text) {
    unsigned long count = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), count, 16);
    if (text.size() != 8 || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return count;
}

bool has_all(Parameters const& given, std::span<std::string_view const> names) {
    return std::all_of(names.begin(), names.end(), [&](std::string_view name) { return given.contains(std::string{name}); });
}

}  // namespace

std::string md5_hex(std::string_view text) {
    std::array<std::byte, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size, EVP_md5(), nullptr);
    return to_hex(ByteView{digest.data(), size});
}

std::optional<Parameters> parse_digest(std::string_view header) {
    constexpr std::string_view k_scheme = "digest ";
    if (to_lower_ascii(header.substr(0, k_scheme.size())) != k_scheme) return std::nullopt;
    auto rest = header.substr(k_scheme.size());
    Parameters parameters;
    while (!(rest = trim(rest)).empty() && parameters.size() < k_max_parameters) {
        auto const equals = rest.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        auto const name = to_lower_ascii(trim(rest.substr(0, equals)));
        rest = trim(rest.substr(equals + 1));
        auto value = take_value(rest);
        if (!value || !parameters.emplace(name, *std::move(value)).second) return std::nullopt;
        rest = trim(rest);
        if (!rest.empty() && !rest.starts_with(',')) return std::nullopt;
        if (!rest.empty()) rest.remove_prefix(1);
    }
    return parameters;
}

std::string digest_response(Parameters const& parameters, std::string_view method, std::string_view password) {
    auto const get = [&](char const* name) { return parameters.contains(name) ? parameters.at(name) : ""; };
    auto const secret = md5_hex(fmt::format("{}:{}:{}", get("username"), get("realm"), password));
    auto const request = md5_hex(fmt::format("{}:{}", method, get("uri")));
    return md5_hex(fmt::format("{}:{}:{}:{}:{}:{}", secret, get("nonce"), get("nc"), get("cnonce"), get("qop"), request));
}

Verdict Doorkeeper::judge(sim_http::Request const& request, QuirkSet const& quirks, Time now) {
    auto const header = request.header("Authorization");
    if (header.empty()) return Verdict::unsigned_leg;
    if (locked_for_s(now) > 0) {
        m_locked_until = now + m_settings.lock_time;  // knocking prolongs it
        return Verdict::locked;
    }
    auto const given = parse_digest(header);
    if (!given || !is_well_signed(*given, request, quirks)) return count_wrong(now);
    auto const verdict = spend_nonce(*given, quirks);
    if (verdict == Verdict::granted) {
        m_wrong = 0;
        m_locked_until.reset();
    }
    return verdict;
}

bool Doorkeeper::is_well_signed(Parameters const& given, sim_http::Request const& request, QuirkSet const& quirks) const {
    constexpr std::array<std::string_view, 9> k_needed{"username", "realm", "nonce",  "uri",     "nc",
                                                       "cnonce",   "qop",   "opaque", "response"};
    if (!has_all(given, k_needed)) return false;
    auto const algorithm = given.find("algorithm");
    if (algorithm != given.end() && to_lower_ascii(algorithm->second) != "md5") return false;
    return given.at("username") == m_settings.user && given.at("realm") == m_settings.realm &&
           given.at("uri") == request.target && given.at("qop") == "auth" && !given.at("cnonce").empty() &&
           nonce_count(given.at("nc")) && given.at("opaque") == opaque(quirks) &&
           given.at("response") == digest_response(given, request.method, m_settings.password);
}

Verdict Doorkeeper::spend_nonce(Parameters const& given, QuirkSet const& quirks) {
    auto const nonce =
        std::find_if(m_nonces.begin(), m_nonces.end(), [&](Nonce const& n) { return n.text == given.at("nonce"); });
    if (nonce == m_nonces.end()) return Verdict::stale;
    if (quirks.has(Quirk::stale) && ++m_signed % k_stale_every == 1) {
        m_nonces.erase(nonce);
        return Verdict::stale;
    }
    auto const count = *nonce_count(given.at("nc"));
    if (count <= nonce->last_count) return Verdict::nonce_refused;
    nonce->last_count = count;
    ++nonce->uses;
    if (quirks.has(Quirk::nonce_once) && nonce->uses > 1) return Verdict::nonce_refused;
    if (quirks.has(Quirk::nonce_limit_2) && nonce->uses > 2) return Verdict::nonce_refused;
    return Verdict::granted;
}

Verdict Doorkeeper::count_wrong(Time now) {
    if (m_locked_until) m_wrong = 0;  // that lock has run out
    m_locked_until.reset();
    if (++m_wrong >= k_max_wrong) m_locked_until = now + m_settings.lock_time;
    return Verdict::wrong;
}

int Doorkeeper::tries_left(Time now) const {
    if (m_locked_until) return locked_for_s(now) > 0 ? 0 : k_max_wrong;
    return k_max_wrong - m_wrong;
}

long Doorkeeper::locked_for_s(Time now) const {
    if (!m_locked_until || now >= *m_locked_until) return 0;
    return static_cast<long>(std::chrono::ceil<std::chrono::seconds>(*m_locked_until - now).count());
}

sim_http::Reply Doorkeeper::refusal(Verdict verdict, QuirkSet const& quirks, Time now) {
    sim_http::Reply reply{.status = 401, .content_type = "application/xml", .body = user_check(quirks, now)};
    reply.headers.push_back({"WWW-Authenticate", challenge(verdict == Verdict::stale, quirks)});
    if (quirks.has(Quirk::html_401)) {
        reply.content_type = "text/html";
        reply.body =
            "<!DOCTYPE html><html><head><title>Document Error: Unauthorized</title></head>"
            "<body><h2>Access Error: 401 -- Unauthorized</h2></body></html>";
    }
    if (quirks.has(Quirk::close_after_401)) reply.ending = sim_http::Ending::close;
    return reply;
}

std::string Doorkeeper::nonce(QuirkSet const& quirks) {
    auto const text = fmt::format("{:016x}{:016x}", sub_seed(m_settings.seed, m_issued), m_issued);
    ++m_issued;
    return quirks.has(Quirk::stale_upper) ? fmt::format("{}:{}", text, m_issued) : to_base64(as_bytes(text));
}

std::string Doorkeeper::opaque(QuirkSet const& quirks) const {
    return quirks.has(Quirk::empty_opaque) ? "" : md5_hex(m_settings.realm);
}

std::string Doorkeeper::challenge(bool is_stale, QuirkSet const& quirks) {
    m_nonces.push_back({.text = nonce(quirks)});
    if (m_nonces.size() > k_kept_nonces) m_nonces.pop_front();
    auto text = fmt::format(R"(Digest qop="auth", realm="{}", nonce="{}")", m_settings.realm, m_nonces.back().text);
    if (!quirks.has(Quirk::no_algorithm)) text += R"(, algorithm="MD5")";
    auto const word = std::string_view{is_stale ? "true" : "false"};
    text +=
        fmt::format(R"(, stale="{}", opaque="{}")", quirks.has(Quirk::stale_upper) && !is_stale ? "FALSE" : word, opaque(quirks));
    return quirks.has(Quirk::domain) ? text + R"(, domain="::")" : text;
}

std::string Doorkeeper::user_check(QuirkSet const& quirks, Time now) const {
    std::string const start = "<userCheck>\n<statusValue>401</statusValue>\n<statusString>Unauthorized</statusString>\n";
    if (quirks.has(Quirk::bare_401)) return start + "</userCheck>\n";
    auto const seconds = locked_for_s(now);
    auto const locked = quirks.has(Quirk::locked) ? "locked" : "lock";
    return start + fmt::format(
                       "<isDefaultPassword>false</isDefaultPassword>\n<lockStatus>{}</lockStatus>\n"
                       "<unlockTime>{}</unlockTime>\n<retryLoginTime>{}</retryLoginTime>\n</userCheck>\n",
                       seconds > 0 ? locked : "unlock", seconds, tries_left(now));
}

}  // namespace bioctl::hik_sim
