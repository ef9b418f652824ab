# SPDX-License-Identifier: MIT
# Run by cpack between installing and packing, for what Debian wants otherwise than others: manual and changelog are compressed,
# without a time in them; zsh looks for completions of packages elsewhere; a licence stands in `copyright' only.
set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share)
file(GLOB_RECURSE files ${root}/man/*.[135] ${root}/doc/lazyswitch/changelog)
execute_process(COMMAND gzip -9n ${files} COMMAND_ERROR_IS_FATAL ANY)
file(RENAME ${root}/zsh/site-functions ${root}/zsh/vendor-completions)
file(REMOVE ${root}/doc/lazyswitch/LICENSE)
