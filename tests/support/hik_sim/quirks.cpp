#include "tests/support/hik_sim/quirks.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "lib/base/error.hpp"
#include "lib/base/text.hpp"
#include "tests/support/hik_sim/random.hpp"

namespace bioctl::hik_sim {

namespace {

using enum Quirk;

constexpr auto k_quirks = std::to_array<QuirkInfo>({
    {no_algorithm, "no-algorithm", Mixing::alone, "1", "the challenge names no algorithm: MD5 is meant"},
    {stale_upper, "stale-upper", Mixing::alone, "1", "the challenge says stale=\"FALSE\" and has a nonce with a colon"},
    {empty_opaque, "empty-opaque", Mixing::alone, "1", "the challenge has opaque=\"\", which must be echoed"},
    {domain, "domain", Mixing::alone, "1", "the challenge has domain=\"::\", which means nothing"},
    {nonce_once, "nonce-once", Mixing::nonce, "1", "the second use of a nonce is refused with a fresh challenge"},
    {nonce_limit_2, "nonce-limit-2", Mixing::nonce, "1", "the third use of a nonce is refused with a fresh challenge"},
    {stale, "stale", Mixing::nonce, "1", "every tenth signed request is answered stale=\"true\", once"},
    {close_after_401, "close-after-401", Mixing::alone, "1", "the connection is closed after each 401"},
    {connection_close, "connection-close", Mixing::alone, "1", "the connection is closed after each answer"},
    {html_401, "html-401", Mixing::alone, "1", "the body of a 401 is an HTML page"},
    {bare_401, "bare-401", Mixing::alone, "1", "the body of a 401 tells nothing of locks"},
    {locked, "locked", Mixing::alone, "1", "lockStatus is spelled \"locked\" instead of \"lock\""},
    {one_at_a_time, "one-at-a-time", Mixing::alone, "1", "a request while another is in flight gets 401"},
    {namespace_hikvision_20, "namespace-hikvision-20", Mixing::name_space, "2", "XML in www.hikvision.com/ver20"},
    {namespace_hikvision_10, "namespace-hikvision-10", Mixing::name_space, "2", "XML in www.hikvision.com/ver10"},
    {no_namespace, "no-namespace", Mixing::name_space, "2", "XML without a namespace"},
    {xml_for_json, "xml-for-json", Mixing::alone, "2", "capabilities, settings and errors are XML, labelled JSON"},
    {tab_indented, "tab-indented", Mixing::alone, "3", "JSON is indented by tabs"},
    {errors_with_200, "errors-with-200", Mixing::alone, "8", "error bodies come with HTTP status 200"},
    {cap_10, "cap-10", Mixing::page_cap, "3", "pages have 10 rows at most, whatever is asked"},
    {cap_reject, "cap-reject", Mixing::page_cap, "3", "more than 30 rows a page are an error instead of clamped"},
    {shuffled_serials, "shuffled-serials", Mixing::alone, "3", "rows in the order of time are not in that of serials"},
    {serials_past_int32, "serials-past-int32", Mixing::serials, "2", "half of the serials exceed 2^31"},
    {serials_64_bit, "serials-64-bit", Mixing::never, "2", "serials begin at 2^40, where no serial seek reaches"},
    {negative_serials, "negative-serials", Mixing::never, "2", "every fiftieth serial is negative"},
    {any_offset, "any-offset", Mixing::alone, "3", "a window in a foreign offset is converted, not empty"},
    {refuse_offset, "refuse-offset", Mixing::never, "3", "a window with an offset is timeFormatError"},
    {far_offset, "far-offset", Mixing::zone, "3", "the clock is at -04:00 instead of +07:00"},
    {dst_change, "dst-change", Mixing::zone, "3", "the offset grew by an hour in the middle of the log"},
    {clock_drift, "clock-drift", Mixing::alone, "2", "the clock is 92 s ahead"},
    {future_event, "future-event", Mixing::never, "9", "the newest event is 400 days ahead"},
    {empty_list, "empty-list", Mixing::alone, "3", "NO MATCH comes with an empty InfoList instead of none"},
    {employee_no_int, "employee-no-int", Mixing::people, "3", "employeeNo, an integer, instead of employeeNoString"},
    {duplicate_employee_numbers, "duplicate-employee-numbers", Mixing::people, "3", "two people share each number"},
    {empty_fields, "empty-fields", Mixing::alone, "3", "what is absent is sent as \"\" or 0"},
    {latin1_names, "latin1-names", Mixing::never, "3", "names are Latin-1 instead of UTF-8"},
    {cut_names, "cut-names", Mixing::never, "3", "names end in the middle of a character"},
    {pic_multipart, "pic-multipart", Mixing::alone, "3", "the search answers multipart unless picEnable is false"},
    {lose_search, "lose-search", Mixing::never, "3", "every fifth page that continues a search is noSearchIDResource"},
    {more_with_zero_rows, "more-with-zero-rows", Mixing::never, "3", "second pages say MORE and hold no row"},
    {refuse_minor_0, "refuse-minor-0", Mixing::never, "3", "minor 0, all kinds, is badParameters"},
    {refuse_major_0, "refuse-major-0", Mixing::never, "3", "major 0, all kinds, is badParameters"},
    {refuse_serial_seek, "refuse-serial-seek", Mixing::alone, "3", "beginSerialNo is badJsonContent"},
    {no_acs_event, "no-acs-event", Mixing::never, "3", "the event search is notSupport"},
    {wrong_picture_host, "wrong-picture-host", Mixing::picture_url, "5", "pictureURL names another host and https"},
    {relative_picture_url, "relative-picture-url", Mixing::picture_url, "5", "pictureURL is a path without host"},
    {pictures_not_saved, "pictures-not-saved", Mixing::never, "2", "events have no picture, and AcsCfg says so"},
    {pictures_expired, "pictures-expired", Mixing::never, "5", "the older half of the pictures is a 404 page"},
    {picture_404, "picture-404", Mixing::never, "5", "every fifth picture is a 404 page"},
    {picture_truncated, "picture-truncated", Mixing::never, "5", "every fifth picture lacks its second half"},
    {picture_empty, "picture-empty", Mixing::never, "5", "every fifth picture has no byte"},
    {picture_40mb, "picture-40mb", Mixing::never, "5", "every fifth picture has 40 MB"},
    {slow, "slow", Mixing::never, "3", "ten times the latency, and at least 100 ms"},
    {stall_mid_body, "stall-mid-body", Mixing::never, "9", "every tenth signed answer stops half-way and hangs"},
    {close_mid_body, "close-mid-body", Mixing::never, "9", "every tenth signed answer is cut off half-way"},
    {busy_bursts, "busy-bursts", Mixing::never, "8", "three of twenty signed requests in a row are 503 deviceBusy"},
    {html_for_json, "html-for-json", Mixing::never, "8", "the event search answers 200 and an HTML page"},
    {huge_answer, "huge-answer", Mixing::never, "9", "the event search answers 20 MB of valid JSON"},
    {nested_json, "nested-json", Mixing::never, "3", "each event has a field nested 30 levels deep"},
    {foreign_http_host, "foreign-http-host", Mixing::alone, "6", "the push slot holds somebody else's server"},
    {no_set_up, "no-set-up", Mixing::alone, "7", "UserInfo/SetUp and FDSetUp are notSupport"},
    {no_detail_delete, "no-detail-delete", Mixing::alone, "7", "UserInfoDetail/Delete is notSupport"},
    {face_full, "face-full", Mixing::never, "7", "the face library takes three faces: deviceFaceFull"},
});
static_assert(k_quirks.size() == static_cast<std::size_t>(Quirk::count), "each quirk has its row");

constexpr std::uint64_t k_mixed_share = 4;  // each device has about every fourth of the quirks that may be mixed

QuirkSet mixed(std::uint64_t seed) {
    Random random{seed};
    QuirkSet chosen;
    std::set<Mixing> taken;
    for (auto const& info : k_quirks) {
        if (random.below(k_mixed_share) != 0 || info.mixing == Mixing::never) continue;
        if (info.mixing == Mixing::alone || taken.insert(info.mixing).second) chosen.set(info.quirk);
    }
    return chosen;
}

}  // namespace

std::span<QuirkInfo const> all_quirks() {
    return k_quirks;
}

std::vector<std::string> QuirkSet::names() const {
    std::vector<std::string> names;
    for (auto const& info : k_quirks) {
        if (has(info.quirk)) names.emplace_back(info.name);
    }
    return names;
}

Quirk quirk_named(std::string_view name) {
    std::vector<std::string_view> names;
    for (auto const& info : k_quirks) {
        if (info.name == name) return info.quirk;
        names.push_back(info.name);
    }
    throw Error{Kind::usage, fmt::format("no quirk '{}'{} see --list-quirks", printable(name), did_you_mean(name, names))};
}

QuirkSet parse_quirks(std::string_view text, std::uint64_t seed) {
    QuirkSet quirks;
    for (auto const& name : split(text, ',')) {
        if (name == "mixed") {
            quirks = mixed(seed);
        } else if (name != "none") {
            quirks.set(quirk_named(name));
        }
    }
    return quirks;
}

}  // namespace bioctl::hik_sim
