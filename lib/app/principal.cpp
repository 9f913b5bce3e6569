#include "lib/app/principal.hpp"

#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/base/text.hpp"

namespace bioctl::app {

namespace {

constexpr std::array k_scopes{Scope::read,    Scope::recognize, Scope::enrol, Scope::people,
                              Scope::devices, Scope::network,   Scope::admin, Scope::metrics};

}  // namespace

std::span<Scope const> all_scopes() {
    return k_scopes;
}

std::string_view name_of(Scope scope) {
    switch (scope) {
        case Scope::read: return "read";
        case Scope::recognize: return "recognize";
        case Scope::enrol: return "enrol";
        case Scope::people: return "people";
        case Scope::devices: return "devices";
        case Scope::network: return "network";
        case Scope::admin: return "admin";
        case Scope::metrics: return "metrics";
    }
    throw Error{Kind::bug, "a scope without a name"};
}

Result<Scope> scope_from(std::string_view name) {
    std::vector<std::string_view> names;
    for (auto const scope : k_scopes) {
        if (name_of(scope) == name) return scope;
        names.push_back(name_of(scope));
    }
    return failure(Kind::usage, fmt::format("scope '{}' must be one of {}", printable(name), fmt::join(names, ", ")));
}

Result<std::set<Scope>> scopes_of_role(std::string_view role) {
    std::set<Scope> scopes{k_scopes.begin(), k_scopes.end()};
    if (role == "admin") return scopes;
    scopes.erase(Scope::admin);
    if (role == "operator") return scopes;
    if (role == "viewer") return std::set{Scope::read, Scope::recognize};
    return failure(Kind::usage, fmt::format("role '{}' must be admin, operator or viewer", printable(role)));
}

Principal local_principal(std::string name) {
    return {.name = std::move(name), .kind = "local", .scopes = {k_scopes.begin(), k_scopes.end()}};
}

}  // namespace bioctl::app
