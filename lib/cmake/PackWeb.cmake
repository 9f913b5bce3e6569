# Writes OUTPUT, a C++ file with the FILES of the pages, compressed, and BLOB, which it takes in (cmake -P). FILES are pairs of the path
# that they are served under and the path where they are. A table of some lines compiles in no time; an array of a megabyte does not.
set(folder ${OUTPUT}.d)
file(REMOVE_RECURSE ${folder})
file(MAKE_DIRECTORY ${folder})

set(types_js "text/javascript; charset=utf-8")
set(types_css "text/css; charset=utf-8")
set(types_html "text/html; charset=utf-8")
set(types_svg "image/svg+xml")
set(types_png "image/png")
set(types_txt "text/plain; charset=utf-8")
set(types_json "application/json")
set(types_bin "application/octet-stream")

set(rows "")
set(digests "")
set(packed "")
set(offset 0)
list(LENGTH FILES count)
math(EXPR last "${count} - 1")
foreach(at RANGE 0 ${last} 2)
  math(EXPR next "${at} + 1")
  list(GET FILES ${at} name)
  list(GET FILES ${next} file)
  string(REGEX MATCH "[a-z]+$" extension ${name})
  if(NOT DEFINED types_${extension})
    message(FATAL_ERROR "${name}: nobody knows the media type of .${extension}; add it to PackWeb.cmake")
  endif()
  set(small ${folder}/${at}.gz)
  execute_process(COMMAND gzip -9 -n -c ${file} OUTPUT_FILE ${small} COMMAND_ERROR_IS_FATAL ANY)
  file(SIZE ${small} size)
  file(SIZE ${file} plain_size)
  file(SHA256 ${file} digest)
  string(APPEND digests "${name} ${digest}\n")
  string(APPEND rows "        {\"${name}\", \"${types_${extension}}\", \"${digest}\", view(${offset}, ${size}), ${plain_size}},\n")
  math(EXPR offset "${offset} + ${size}")
  list(APPEND packed ${small})
endforeach()
execute_process(COMMAND ${CMAKE_COMMAND} -E cat ${packed} OUTPUT_FILE ${BLOB} COMMAND_ERROR_IS_FATAL ANY)
string(SHA256 version "${digests}")
string(SUBSTRING ${version} 0 12 version)

file(WRITE ${OUTPUT} "#include \"lib/http/web_files.hpp\"

#include <array>

asm(R\"(
    .section .rodata
    .hidden bioctl_web_files
    .global bioctl_web_files
bioctl_web_files:
    .incbin \"${BLOB}\"
    .previous
)\");

extern \"C\" char const bioctl_web_files[];

namespace bioctl::http {

namespace {

std::string_view view(std::size_t offset, std::size_t size) {
    return {bioctl_web_files + offset, size};
}

}  // namespace

std::span<WebFile const> web_files() {
    static std::array const k_files{std::to_array<WebFile>({
${rows}    })};
    return k_files;
}

std::string_view web_version() {
    return \"${version}\";
}

}  // namespace bioctl::http
")
