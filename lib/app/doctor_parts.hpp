#pragma once
// The checks of doctor.cpp by subject; private to the doctor.

#include "lib/app/doctor.hpp"

namespace bioctl::app {

using Report = std::function<void(Check)>;

void check_machine(Patient const& patient, Report const& report);  // doctor_machine.cpp
void check_files(Patient const& patient, Report const& report);    // doctor_machine.cpp
void check_models(Patient const& patient, Depth depth, Report const& report);
void check_store(Patient const& patient, Depth depth, Report const& report);

/// "" or "mode 0755 lets more people in than 0700"; "" also for a path that is not there.
[[nodiscard]] std::string why_too_open(fs::path const& path, unsigned allowed);

}  // namespace bioctl::app
