#include "lib/store/device_people.hpp"

#include "lib/store/query.hpp"

namespace bioctl::store {

std::vector<DevicePerson> DevicePeople::of_device(std::int64_t device) const {
    Query query{*m_connection,
                "SELECT employee_no, name, photo, pushed_at FROM device_person WHERE device = ? ORDER BY employee_no", device};
    std::vector<DevicePerson> people;
    while (query.next()) {
        people.push_back(
            {std::string{query.text(0)}, std::string{query.text(1)}, std::string{query.text(2)}, from_ms(query.integer(3))});
    }
    return people;
}

void DevicePeople::put(std::int64_t device, DevicePerson const& person) {
    Query{*m_connection,
          "INSERT INTO device_person (device, employee_no, name, photo, pushed_at) VALUES (?, ?, ?, ?, ?)"
          " ON CONFLICT (device, employee_no) DO UPDATE SET name = excluded.name, photo = excluded.photo,"
          " pushed_at = excluded.pushed_at",
          device,
          person.employee_no,
          person.name,
          person.photo,
          to_ms(person.pushed_at)}
        .run();
}

void DevicePeople::remove(std::int64_t device, std::string_view employee_no) {
    Query{*m_connection, "DELETE FROM device_person WHERE device = ? AND employee_no = ?", device, employee_no}.run();
}

void DevicePeople::clear(std::int64_t device) {
    Query{*m_connection, "DELETE FROM device_person WHERE device = ?", device}.run();
}

}  // namespace bioctl::store
