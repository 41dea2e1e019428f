# Completion of syncline's command line for bash.
#
# SPDX-License-Identifier: MIT

_syncline() {
  local cur prev split
  # shellcheck disable=SC2034 # the function that follows sets all five
  local words cword
  _init_completion -s || return

  case $prev in
    --index | --log-file | --config | --exclude-from | --include-from | --files-from | --why)
      _filedir
      return
      ;;
    --backup-dir)
      _filedir -d
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
    --order)
      mapfile -t COMPREPLY < <(compgen -W 'name smallest newest' -- "$cur")
      return
      ;;
    --log-detail)
      mapfile -t COMPREPLY < <(compgen -W 'all folder summary' -- "$cur")
      return
      ;;
    --max-delete | --interval | --threads | --io-threads | --exclude | --include | -f | \
    --filter | --max-size | --min-size | --min-age | --chown | --chmod | --suffix | -@ | \
    --modify-window | --info | --max-alloc | --bwlimit | --stop-after | --time-limit | --stop-at | --out-format)
      return
      ;;
  esac
  $split && return

  if [[ $cur == -* ]]; then
    local options='
      -n --dry-run --exit-code --rehash --delete --max-delete= --no-delete --delete-before -x
      --one-file-system --restore --reflink= --inplace --verify --no-flush --interval= --wait --strict --index=
      --no-index --adopt --trust-mtime --keep-doubtful -v --verbose -q --quiet --log-file= --config=
      -h --help -V --version --threads= --io-threads= --digest-backend= --exclude= --include=
      --exclude-from= --include-from= -f --filter= --files-from= -r --recursive -0 --from0 --max-size=
      --min-size= --min-age= --delete-excluded -u --update --existing --ignore-non-existing
      --ignore-existing --no-owner --no-o --no-group --no-g --no-perms --no-p -E
      --executability --no-times --no-t -O
      --omit-dir-times -J --omit-link-times --chown= --chmod= --del --delete-during --delete-delay
      --delete-after --ignore-errors -b --backup --backup-dir= --suffix= --size-only -@
      --modify-window= --bwlimit= --stop-after= --time-limit= --stop-at= -i --itemize-changes
      --out-format= --stats --info= --max-alloc= --json --progress -P --no-progress --why= --log-detail=
      --partial --no-partial --order='
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
    [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
    return
  fi
  _filedir
} &&
  complete -F _syncline syncline
