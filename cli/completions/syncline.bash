# Completion of syncline's command line for bash.
#
# SPDX-License-Identifier: MIT

_syncline() {
  local cur prev split
  # shellcheck disable=SC2034 # the function that follows sets all five
  local words cword
  _init_completion -s || return

  case $prev in
    --index | --log-file | --config | -o | --output | --show | --exclude-from | --include-from | --files-from | --why)
      _filedir
      return
      ;;
    --backup-dir | --undo-dir | --into)
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
    --modify-window | --info | --max-alloc | --bwlimit | --stop-after | --time-limit | --stop-at | --out-format | \
    --undo-passes | --undo-size | --to | --only | --without)
      return
      ;;
  esac
  $split && return

  # The first word that is no option.
  local verb='' word
  for word in "${words[@]:1:cword-1}"; do
    [[ $word == -* ]] && continue
    verb=$word
    break
  done

  if [[ $cur == -* ]]; then
    local common='-n --dry-run --undo-dir= --config= -h --help -V --version'
    # Of mirroring, those that "explain" takes too, those that "undo" does, those that "apply"
    # does, and the others; "plan" takes the first two.
    local explained='
      --rehash --delete --max-delete= --no-delete --delete-before -x
      --one-file-system --restore --index= --no-index --adopt --trust-mtime --keep-doubtful
      --exclude= --include= --exclude-from= --include-from= -f
      --filter= --files-from= -r --recursive -0 --from0 --max-size= --min-size= --min-age=
      --delete-excluded -u --update --existing --ignore-non-existing --ignore-existing --no-owner
      --no-o --no-group --no-g --no-perms --no-p -E --executability --no-times --no-t -O
      --omit-dir-times -J --omit-link-times --chown= --chmod= --del --delete-during --delete-delay
      --delete-after --ignore-errors -b --backup --backup-dir= --suffix= --size-only -@
      --modify-window= --undo --no-undo'
    local told='--no-flush --wait -v --verbose -q --quiet --json'
    local paced='
      --verify --strict --log-file= --threads= --io-threads= --digest-backend= --bwlimit=
      --stop-after= --time-limit= --stop-at= -i --itemize-changes --out-format= --stats
      --progress -P --no-progress --log-detail= --partial --no-partial --order=
      --undo-passes= --undo-size='
    local others='
      --exit-code --reflink= --inplace --interval= --info= --max-alloc= --why='
    local planned='-o --output= --no-read --show= --only= --without='
    local applied='--all-or-nothing --undo --no-undo'
    local undone='--to= --list --only= --into= --force --release'
    local options
    case $verb in
      explain) options="$common $explained" ;;
      undo) options="$common $told $undone" ;;
      plan) options="$common $explained $told $planned" ;;
      apply) options="$common $told $paced $applied" ;;
      *) options="$common $explained $told $paced $others" ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
    [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
    return
  fi
  _filedir
  [[ -z $verb ]] && mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W 'explain undo plan apply' -- "$cur")
  return 0
} &&
  complete -F _syncline syncline
