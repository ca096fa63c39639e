# SPDX-License-Identifier: Apache-2.0
# Everything that comes from outside, in one place (see tools/packages.txt).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
find_package(OpenSSL 3.0 REQUIRED)
if(NOT CITY_FUZZ)
  find_package(GTest REQUIRED)
endif()
