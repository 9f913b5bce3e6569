// store encrypt, rekey, decrypt: the data folder sealed with a key that lies elsewhere.

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "cmd/audit_trail.hpp"
#include "cmd/store_verbs.hpp"
#include "lib/app/store_seal.hpp"
#include "lib/base/text.hpp"
#include "lib/base/vault.hpp"

namespace bioctl::cmd {

namespace {

constexpr Group k_group = Group::store;

/// What the flag says, else the setting.
std::optional<fs::path> key_file_of(std::optional<fs::path> const& flag, Context const& cx) {
    if (flag) return fs::absolute(*flag);
    auto const setting = cx.settings.store_key_file();
    return setting ? std::optional{fs::absolute(*setting)} : std::nullopt;
}

void name_key(Context& cx, fs::path const& key_file) {
    cx.talk.note(
        fmt::format("the key is in {0}: keep a copy elsewhere, nothing can be read without it; every bioctl needs it from "
                    "now on: `store_key_file = \"{0}\"` in bioctl.toml, or BIOCTL_STORE_KEY_FILE",
                    printable(key_file.string())));
}

void report(Context& cx, std::string_view type, app::SealReport const& report) {
    cx.out.columns({"store", "files"});
    cx.out.record(type, {{"store", report.was_store_changed}, {"files", report.files}});
}

app::SealPlan plan_of(Context& cx, fs::path key_file, ui::Progress& progress) {
    return {
        .data_dir = cx.data_dir(), .key_file = std::move(key_file), .actor = local_actor(), .go_on = [&](std::uint64_t files) {
            progress.advance(files);
            return stop_signal.load() == 0;
        }};
}

struct EncryptOptions {
    std::optional<fs::path> key_file;
};

void add_encrypt(CLI::App& verb, EncryptOptions& o) {
    verb.add_option("--key-file", o.key_file, "File of the key, outside of the data folder; made if it is not there")
        ->type_name("FILE");
}

int run_encrypt(EncryptOptions const& o, Context& cx) {
    require_store(cx);
    auto const key_file = key_file_of(o.key_file, cx);
    if (!key_file) throw Error{Kind::usage, "where shall the key be? name a file with --key-file, outside of the data folder"};
    set_vault_key({.file = *key_file});
    ui::Progress progress{cx.talk, "sealing files", 0};
    auto const sealed = app::seal_store(cx.clock, plan_of(cx, *key_file, progress));
    report(cx, "sealed", sealed);
    if (sealed.backups_in_clear > 0) {
        cx.talk.warn(fmt::format("{} below the data folder {} in clear still: delete {}, and make a new one",
                                 counted(sealed.backups_in_clear, "backup", "backups"),
                                 sealed.backups_in_clear == 1 ? "is" : "are", sealed.backups_in_clear == 1 ? "it" : "them"));
    }
    name_key(cx, *key_file);
    return k_exit_yes;
}

struct RekeyOptions {
    fs::path new_key_file;
};

void add_rekey(CLI::App& verb, RekeyOptions& o) {
    verb.add_option("--new-key-file", o.new_key_file, "File of the new key, outside of the data folder; made if it is not there")
        ->required()
        ->type_name("FILE");
}

int run_rekey(RekeyOptions const& o, Context& cx) {
    require_store(cx);
    if (!Vault::is_sealed(cx.data_dir()))
        throw Error{Kind::no_input,
                    fmt::format("{} is not sealed; see `bioctl store encrypt`", printable(cx.data_dir().string()))};
    auto store = cx.open_store(store::Access::read_write);  // with the key that is valid still
    auto const file = fs::absolute(o.new_key_file);
    Vault::change_key(cx.data_dir(), file);
    record_change(cx, store, "store.rekey", "", {});
    cx.out.columns({"key_file"});
    cx.out.record("rekeyed", {{"key_file", file.string()}});
    name_key(cx, file);
    return k_exit_yes;
}

struct DecryptOptions {};

void add_decrypt(CLI::App& /*verb*/, DecryptOptions& /*options*/) {}

int run_decrypt(DecryptOptions const& /*options*/, Context& cx) {
    require_store(cx);
    ui::Progress progress{cx.talk, "opening files", 0};
    auto const opened = app::unseal_store(cx.clock, plan_of(cx, {}, progress));
    report(cx, "opened", opened);
    return k_exit_yes;
}

}  // namespace

Verb store_encrypt_verb() {
    return verb("encrypt", "Seal store, portraits and pictures with a key that lies elsewhere", k_group, add_encrypt,
                run_encrypt);
}

Verb store_rekey_verb() {
    return verb("rekey", "Seal the data key with another key, without writing anything else anew", k_group, add_rekey, run_rekey);
}

Verb store_decrypt_verb() {
    return verb("decrypt", "Open a sealed data folder for good", k_group, add_decrypt, run_decrypt);
}

}  // namespace bioctl::cmd
