#pragma once
// What real terminals do differently from each other, each by a name that the command line and the control port take.

#include <bitset>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bioctl::hik_sim {

enum class Quirk : std::uint8_t {
    no_algorithm,
    stale_upper,
    empty_opaque,
    domain,
    nonce_once,
    nonce_limit_2,
    stale,
    close_after_401,
    connection_close,
    html_401,
    bare_401,
    locked,
    one_at_a_time,
    namespace_hikvision_20,
    namespace_hikvision_10,
    no_namespace,
    xml_for_json,
    tab_indented,
    errors_with_200,
    cap_10,
    cap_reject,
    shuffled_serials,
    serials_past_int32,
    serials_64_bit,
    negative_serials,
    any_offset,
    refuse_offset,
    far_offset,
    dst_change,
    clock_drift,
    future_event,
    empty_list,
    employee_no_int,
    duplicate_employee_numbers,
    empty_fields,
    latin1_names,
    cut_names,
    pic_multipart,
    lose_search,
    more_with_zero_rows,
    refuse_minor_0,
    refuse_major_0,
    refuse_serial_seek,
    no_acs_event,
    wrong_picture_host,
    relative_picture_url,
    pictures_not_saved,
    pictures_expired,
    picture_404,
    picture_truncated,
    picture_empty,
    picture_40mb,
    slow,
    stall_mid_body,
    close_mid_body,
    busy_bursts,
    html_for_json,
    huge_answer,
    nested_json,
    foreign_http_host,
    no_set_up,
    no_detail_delete,
    face_full,
    count,
};

/// How a quirk gets into "mixed": only what leaves the log readable in one pass, and one of each family at most.
enum class Mixing : std::uint8_t { never, alone, nonce, name_space, page_cap, serials, zone, people, picture_url };

struct QuirkInfo {
    Quirk quirk;
    std::string_view name;  ///< kebab-case
    Mixing mixing;
    std::string_view section;  ///< of the dossier on ISAPI
    std::string_view effect;
};

[[nodiscard]] std::span<QuirkInfo const> all_quirks();

class QuirkSet {
public:
    [[nodiscard]] bool has(Quirk quirk) const { return m_bits.test(static_cast<std::size_t>(quirk)); }
    void set(Quirk quirk, bool on = true) { m_bits.set(static_cast<std::size_t>(quirk), on); }
    [[nodiscard]] std::vector<std::string> names() const;

private:
    std::bitset<static_cast<std::size_t>(Quirk::count)> m_bits;
};

/// Throws Error{Kind::usage} with the nearest name if there is none like that.
[[nodiscard]] Quirk quirk_named(std::string_view name);

/// The quirks of one device from "none", "mixed" or names joined by commas ("mixed,slow"). `seed` decides what is mixed.
[[nodiscard]] QuirkSet parse_quirks(std::string_view text, std::uint64_t seed);

}  // namespace bioctl::hik_sim
