# Debian's packages as imported SYSTEM targets. Each is found here and nowhere else.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(date REQUIRED)

# libopencv-*-dev brings no CMake files (those are in libopencv-dev, which pulls imgcodecs and GDAL), so look for the parts ourselves.
find_path(OPENCV_INCLUDE opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
foreach(part core imgproc dnn videoio)
  find_library(OPENCV_${part} opencv_${part} REQUIRED)
  add_library(opencv::${part} UNKNOWN IMPORTED)
  set_target_properties(opencv::${part} PROPERTIES
    IMPORTED_LOCATION ${OPENCV_${part}} INTERFACE_INCLUDE_DIRECTORIES ${OPENCV_INCLUDE})
endforeach()
set_property(TARGET opencv::imgproc PROPERTY INTERFACE_LINK_LIBRARIES opencv::core)
set_property(TARGET opencv::dnn PROPERTY INTERFACE_LINK_LIBRARIES opencv::imgproc)
set_property(TARGET opencv::videoio PROPERTY INTERFACE_LINK_LIBRARIES opencv::core)

# bio_pkg(NAME module): pkg-config module as imported target pkg::NAME
function(bio_pkg name module)
  pkg_check_modules(PKG_${name} REQUIRED IMPORTED_TARGET GLOBAL ${module})
  add_library(pkg::${name} ALIAS PkgConfig::PKG_${name})
endfunction()
bio_pkg(jpeg libjpeg)
bio_pkg(png libpng)
bio_pkg(webp libwebp)
bio_pkg(tiff libtiff-4)
bio_pkg(heif libheif)
bio_pkg(sodium libsodium)
bio_pkg(zlib zlib)
bio_pkg(curl libcurl)
bio_pkg(archive libarchive)
bio_pkg(pugixml pugixml)
bio_pkg(sqlite3 sqlite3)
bio_pkg(systemd libsystemd)
bio_pkg(catch2 catch2)
bio_pkg(crypto libcrypto)
bio_pkg(ssl libssl)

# dlib's CMake target drags in X11, BLAS and its own flags for every user; its library and headers are enough.
find_path(DLIB_INCLUDE dlib/dnn.h REQUIRED)
find_library(DLIB_LIBRARY dlib REQUIRED)
add_library(dlib_system UNKNOWN IMPORTED)
set_target_properties(dlib_system PROPERTIES IMPORTED_LOCATION ${DLIB_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${DLIB_INCLUDE})

find_path(EXPECTED_INCLUDE tl/expected.hpp REQUIRED)
find_path(JSON_INCLUDE nlohmann/json.hpp REQUIRED)
find_path(CLI11_INCLUDE CLI/CLI.hpp REQUIRED)

# Asio without Boost, headers only.
find_path(ASIO_INCLUDE asio.hpp REQUIRED)
add_library(asio_standalone INTERFACE)
target_include_directories(asio_standalone SYSTEM INTERFACE ${ASIO_INCLUDE})
target_compile_definitions(asio_standalone INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED)
target_link_libraries(asio_standalone INTERFACE Threads::Threads)

# Boost's headers of Asio and Beast, for the HTTP server. Header-only: coroutines need no library.
find_path(BOOST_INCLUDE boost/beast.hpp REQUIRED)
add_library(boost_asio INTERFACE)
target_include_directories(boost_asio SYSTEM INTERFACE ${BOOST_INCLUDE})
target_compile_definitions(boost_asio INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ERROR_CODE_HEADER_ONLY BOOST_BEAST_USE_STD_STRING_VIEW)
target_link_libraries(boost_asio INTERFACE Threads::Threads)
