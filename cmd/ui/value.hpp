#pragma once
// A small JSON-like value, so that verbs need not compile the JSON library. Rendered by output.cpp.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace bioctl::ui {

class Value;
/// Name and value, in the order they are printed.
using Field = std::pair<std::string, Value>;
using Fields = std::vector<Field>;

class Value {
public:
    using Array = std::vector<Value>;
    using Object = Fields;
    /// A number with its number of decimals: distances and rates are rounded the same in every rendering.
    struct Decimal {
        double value;
        int places;
    };

    Value() = default;  // null
    Value(std::nullptr_t) {}
    Value(bool value) : m_value(value) {}
    Value(int value) : m_value(std::int64_t{value}) {}
    Value(std::int64_t value) : m_value(value) {}
    Value(std::size_t value) : m_value(static_cast<std::int64_t>(value)) {}
    Value(double value) : m_value(value) {}
    Value(Decimal value) : m_value(value) {}
    Value(char const* value) : m_value(std::string{value}) {}
    Value(std::string value) : m_value(std::move(value)) {}
    Value(std::string_view value) : m_value(std::string{value}) {}
    Value(Array value) : m_value(std::move(value)) {}
    Value(Object value) : m_value(std::move(value)) {}
    template <class T>
    Value(std::optional<T> const& value) {
        if (value) *this = Value{*value};
    }

    using Variant = std::variant<std::monostate, bool, std::int64_t, double, Decimal, std::string, Array, Object>;
    [[nodiscard]] Variant const& variant() const { return m_value; }

private:
    Variant m_value;
};

[[nodiscard]] inline Value decimal(double value, int places) {
    return Value{Value::Decimal{value, places}};
}

}  // namespace bioctl::ui
