# Completion of syncline's command line for bash.
#
# SPDX-License-Identifier: MIT

_syncline() {
  local cur prev split
  # shellcheck disable=SC2034 # the function that follows sets all five
  local words cword
  _init_completion -s || return

  case $prev in
    --index | --log-file | --config)
      _filedir
      return
      ;;
    --reflink)
      mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur")
      return
      ;;
    --digest-backend)
      mapfile -t COMPREPLY < <(compgen -W 'auto evp simd' -- "$cur")
      return
      ;;
    --max-delete | --interval | --threads | --io-threads)
      return
      ;;
  esac
  $split && return

  if [[ $cur == -* ]]; then
    local options='
      -n --dry-run --rehash --delete --max-delete= --no-delete --delete-before -x --one-file-system
      --restore --reflink= --inplace --verify --no-flush --interval= --wait --strict --index=
      --no-index --adopt --trust-mtime --keep-doubtful -v --verbose -q --quiet --log-file= --config=
      -h --help -V --version --threads= --io-threads= --digest-backend='
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
    [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
    return
  fi
  _filedir
} &&
  complete -F _syncline syncline
