#!/usr/bin/env bash
# Brings another version of the agent onto this machine, or goes back to the one before. /opt/canteenpay/agent/proven/update.sh is the one to run: it comes from the last
# version that was healthy here.
#   update.sh FILE.tar.gz [SHA256]   the package's digest is given, or stands in FILE.tar.gz.sha256
#   update.sh back                   to the version before
#   update.sh settle                 decides about an update that was cut off; done at each start of the machine
#   update.sh status
# Ends with 0 when it is done, 1 when the new version was not healthy and the one before runs again, 2 when nothing was changed, 3 when no version is healthy.
# The machine's memory (/var/lib/canteenpay) is never written: what diners paid stands there.
set -euo pipefail
from=$PWD
cd "$(dirname "$(readlink -f "$0")")"
# shellcheck source=release.sh
. ./release.sh

# The release that runs now is watched, and gone back from when it does not become healthy; the exit code is in `outcome`. $1: it must be online too.
decide() {
  local now before
  now=$(version_of current)
  before=$(version_of proven)
  if wait_healthy "$now" "$1"; then
    prove "$now"
    # A machine that was installed before there was one.
    ctl enable --quiet --now "$renewal" || say "Certificates are not renewed by themselves yet. Do: systemctl enable --now $renewal" >&2
    prune
    say "The agent $now runs."
    return
  fi
  say "The agent $now is not healthy after $wait_s s: going back to $before." >&2
  run_release "$before"
  if wait_healthy "$before" no; then
    say "The agent $before runs again. Do: send the logs in $state/logs and journalctl --namespace=canteenpay to whoever made $now." >&2
    outcome=1
    return
  fi
  # The newer one may have changed the database's format already: then it alone can read it, and may recover.
  if [ "$(database_of "$now")" -gt "$(database_of "$before")" ]; then
    run_release "$now"
  fi
  say "Neither $now nor $before is healthy; $(version_of current) is being tried again and again. Do: look at systemctl status $service and journalctl --namespace=canteenpay. The machine's memory is untouched: $state" >&2
  outcome=3
}

settle() {
  local now sure runs
  now=$(version_of current)
  sure=$(version_of proven)
  if [ -z "$sure" ]; then return; fi
  sweep
  put_units
  runs=$(serving)
  if [ "$now" != "$sure" ]; then
    say "An update to $now was cut off; it is decided now." >&2
    # Cut off before the restart, the version before would go on to run: nobody would have watched the new one.
    if [ "$runs" = "$now" ]; then ctl start --no-block "$service"; else run_release "$now"; fi
    decide no
  elif [ -n "$runs" ] && [ "$runs" != "$now" ]; then
    ctl restart --no-block "$service"
  else
    ctl start --no-block "$service"
  fi
}

must_be_installed() {
  [ -n "$(version_of proven)" ] || refuse "no agent has run on this machine yet, so that there is nothing to update. Do: unpack the package and run its install.sh."
}

# $1 file, $2 digest or nothing.
check_digest() {
  [ -r "$1" ] || refuse "the package $1 is not there or cannot be read."
  local expected=$2 actual
  if [ -z "$expected" ]; then
    [ -r "$1.sha256" ] || refuse "nobody says what the package must look like. Do: put $1.sha256 beside it, or give its SHA-256 after the file's name."
    read -r expected _ <"$1.sha256" || true
  fi
  [[ $expected =~ ^[0-9a-fA-F]{64}$ ]] || refuse "'$expected' is no SHA-256: 64 hexadecimal digits."
  read -r actual _ < <(sha256sum "$1")
  [ "$actual" = "${expected,,}" ] || refuse "the package $1 is not what it should be: its SHA-256 is $actual, and must be ${expected,,}. Do: fetch it again."
}

# A full disk stops the till. $1 a folder on it, $2 bytes.
need_room() {
  local free needed=$(($2 + spare_bytes))
  free=$(df --output=avail -B1 "$1" | tail -n 1)
  [ "$free" -ge "$needed" ] || refuse "the disk of $1 has $free bytes free, and the update needs $needed. Do: make room; du -d 2 $state $home says what of this agent's takes it."
}

# Unpacks the package beside the others; its version is in `version`.
unpack() {
  local archive=$1 staged=$releases/.unpack-update size file
  size=$(LC_ALL=C tar -tzvf "$archive" | awk '{ n += $3 } END { print n + 0 }') || refuse "$archive is no package of the agent."
  need_room "$releases" "$size"
  rm -rf "$staged"
  mkdir "$staged"
  tar -xzf "$archive" -C "$staged" --strip-components=1 --no-same-owner --no-same-permissions || refuse "$archive could not be unpacked."
  for file in "${files[@]}"; do
    [ -f "$staged/$file" ] || refuse "$archive is no package of the agent: it has no $file."
  done
  version=$(<"$staged/VERSION")
  [[ $version =~ ^[0-9A-Za-z][0-9A-Za-z.-]{0,39}$ ]] || refuse "$archive says that its version is '$version'."
  if [ -e "$releases/$version" ]; then
    diff -rq "$staged" "$releases/$version" >/dev/null || refuse "another package with the version $version is on this machine. Do: give each package a version of its own."
    rm -rf "$staged"
  else
    publish "$staged" "$version"
  fi
}

# What a release must show before the till is given to it. A newer format of the database is tried on a copy, with the till standing still: once it is changed
# there is no way back.
try_first() {
  local version=$1 now=$2
  if [ "$(database_of "$version")" -gt "$(database_of "$now")" ]; then
    say "Trying the agent $version on a copy of the machine's memory; the till stands still meanwhile …"
    # Before the till stands still: what is wrong with them ends this script.
    read_settings
    need_room "$state" "$(du -sb "$state" | cut -f 1)"
    ctl stop "$service"
    try_release "$version" copy
    if [ "$healthy" = no ]; then ctl start --no-block "$service"; fi
  else
    say "Trying the agent $version beside the one that runs …"
    try_release "$version"
  fi
  if [ "$healthy" = yes ]; then return; fi
  if [ ${#said[@]} -gt 0 ]; then printf '  %s\n' "${said[@]}" >&2; fi
  refuse "the agent $version does not become healthy with this machine's settings; its last words are above. $now goes on. Do: mend $config should they name a setting, else send them to whoever made $version."
}

update() {
  local version now online=no
  check_digest "$1" "${2:-}"
  unpack "$1"
  now=$(version_of current)
  if [ "$version" = "$now" ]; then
    say "The agent $version runs already."
    return
  fi
  [ "$(database_of "$version")" -ge "$(database_of "$now")" ] || refuse "$version cannot read the database of $now. Do: install a version that is newer than $now."
  # A version that reaches the cloud no more could not be mended from afar. Where it alone can read the database, it stays all the same.
  if is_online && [ "$(database_of "$version")" = "$(database_of "$now")" ]; then online=yes; fi
  try_first "$version" "$now"
  run_release "$version"
  decide "$online"
}

back() {
  local now before
  now=$(version_of current)
  before=$(version_of previous)
  [ -n "$before" ] || refuse "this machine has no version before $now."
  [ "$(database_of "$before")" -ge "$(database_of "$now")" ] || refuse "$before cannot read the database as $now has changed it. Do: install a version that is newer than $now."
  run_release "$before"
  decide no
}

status() {
  say "runs: $(serving)  current: $(version_of current)  proven: $(version_of proven)  previous: $(version_of previous)"
  say "releases: $(ls -1 "$releases" | tr '\n' ' ')"
  say "health: $(health_in "$state" || say none)"
}

main() {
  must_be_root
  must_be_installed
  if [ "${1:-}" = status ]; then
    status
    return
  fi
  [ $# -ge 1 ] && [ $# -le 2 ] && [[ $1 != -* ]] || refuse "use: update.sh FILE.tar.gz [SHA256] | back | settle | status"
  local archive=$1
  case "$archive" in back | settle) ;; *) archive=$(cd "$from" && readlink -f "$1") || refuse "the package $1 is not there." ;; esac
  lock
  # A technician's connection may break; what is begun is brought to its end.
  trap '' HUP INT
  outcome=0
  settle
  if [ "$archive" = settle ]; then exit "$outcome"; fi
  # What came of an earlier update is not what this one comes to.
  outcome=0
  if [ "$archive" = back ]; then back; else update "$archive" "${2:-}"; fi
  exit "$outcome"
}

# Read to its end before anything of it runs: the release that it stands in may be swept away.
main "$@"
exit
