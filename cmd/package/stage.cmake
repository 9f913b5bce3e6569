# Run by CPack between the installation into the staging folder and the packing of it: adds what belongs to Debian's layout and not to
# `make install`, and compresses what Debian wants compressed.
set(root ${CPACK_TEMPORARY_DIRECTORY})
set(source ${CPACK_BIOCTL_SOURCE_DIR})
set(doc ${root}/usr/share/doc/bioctl)

function(compress)
  # -n: no time and no name, so that the same input gives the same package.
  execute_process(COMMAND gzip -9 -n -f ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(GLOB pages ${root}/usr/share/man/man1/*.1 ${root}/usr/share/man/man7/*.7)
compress(${pages})

# Debian's zsh looks there and not into site-functions, which is for administrators.
file(RENAME ${root}/usr/share/zsh/site-functions ${root}/usr/share/zsh/vendor-completions)

configure_file(${source}/cmd/package/lintian-overrides ${root}/usr/share/lintian/overrides/bioctl COPYONLY)
file(MAKE_DIRECTORY ${doc})
configure_file(${source}/cmd/package/copyright ${doc}/copyright COPYONLY)
configure_file(${source}/cmd/package/changelog ${doc}/changelog.Debian COPYONLY)
configure_file(${source}/CHANGELOG.md ${doc}/changelog COPYONLY)
compress(${doc}/changelog.Debian ${doc}/changelog)
configure_file(${source}/README.md ${doc}/README.md COPYONLY)
file(COPY ${source}/samples/ DESTINATION ${doc}/examples)
# It works on the photos of a source tree.
file(REMOVE ${doc}/examples/demo.sh)
# The samples are written for `make install`, whose prefix is /usr/local.
file(GLOB_RECURSE samples ${doc}/examples/*)
foreach(sample ${samples})
  file(READ ${sample} text)
  string(FIND "${text}" "/usr/local/bin/bioctl" found)
  if(NOT found EQUAL -1)
    execute_process(COMMAND sed -i "s|/usr/local/bin/bioctl|/usr/bin/bioctl|g" ${sample} COMMAND_ERROR_IS_FATAL ANY)
  endif()
endforeach()

file(GLOB units ${doc}/examples/systemd/*.service ${doc}/examples/systemd/*.timer)
file(COPY ${units} DESTINATION ${root}/lib/systemd/system)
file(GLOB units ${root}/lib/systemd/system/*)
execute_process(COMMAND sed -i "1{/^# .etc.systemd/d}" ${units} COMMAND_ERROR_IS_FATAL ANY)
# Where the units are is said once.
file(REMOVE_RECURSE ${doc}/examples/systemd)

configure_file(${source}/cmd/package/bioctl.toml ${root}/etc/bioctl/bioctl.toml COPYONLY)
# Whatever the umask of whoever builds it.
execute_process(COMMAND chmod -R u=rwX,go=rX ${root} COMMAND_ERROR_IS_FATAL ANY)
