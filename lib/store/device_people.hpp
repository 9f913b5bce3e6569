#pragma once
// Whom bioctl has put on which terminal, so that the next push sends only what has changed.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.hpp"
#include "lib/store/store.hpp"

namespace bioctl::store {

struct DevicePerson {
    std::string employee_no{};
    std::string name{};
    std::string photo{};  ///< portrait that the terminal took, below <data-dir>/media; "" = none
    Timestamp pushed_at{};
};

/// Statements on `device_person`. Use inside Store::write() or read().
class DevicePeople {
public:
    [[nodiscard]] std::vector<DevicePerson> of_device(std::int64_t device) const;  ///< by employee number
    void put(std::int64_t device, DevicePerson const& person);                     ///< adds or replaces
    void remove(std::int64_t device, std::string_view employee_no);
    void clear(std::int64_t device);

private:
    friend class Store;
    explicit DevicePeople(Connection& connection) : m_connection(&connection) {}
    Connection* m_connection;
};

}  // namespace bioctl::store
