# Writes OUTPUT, a C++ file with the texts of PAGES (cmake -P).
set(rows "")
foreach(page ${PAGES})
  get_filename_component(name ${page} NAME)
  string(REGEX REPLACE "\\.[17]\\.scd$" "" name ${name})
  file(READ ${page} text)
  string(APPEND rows "    {\"${name}\", R\"scdoc(${text})scdoc\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"cmd/pages.hpp\"

#include <utility>

namespace bioctl::cmd {

std::string_view page_source(std::string_view name) {
    static constexpr std::pair<std::string_view, std::string_view> k_pages[]{
    {\"\", \"\"},
${rows}    };
    for (auto const& [page, text] : k_pages) {
        if (page == name) return text;
    }
    return {};
}

}  // namespace bioctl::cmd
")
