# Sourced by install.sh and update.sh: where things are, and the steps that both are made of. Each can be cut off anywhere and done again.
# CANTEENPAY_ROOT (tests) stands before every path; CANTEENPAY_WAIT and _STEADY are seconds, CANTEENPAY_KEEP is releases.
# shellcheck shell=bash
prefix=${CANTEENPAY_ROOT:-}
home=$prefix/opt/canteenpay/agent
releases=$home/releases
etc=$prefix/etc/canteenpay
config=$etc/agent.env
state=$prefix/var/lib/canteenpay
trial_folder=$prefix/var/lib/canteenpay-trial
units=$prefix/etc/systemd/system
user=canteenpay
program=CanteenPay.DeviceAgent
service=canteenpay-agent.service
renewal=canteenpay-agent-renew.timer
files=("$program" libe_sqlite3.so appsettings.json VERSION DATABASE install.sh update.sh release.sh agent.env journald.conf "$service" canteenpay-agent-settle.service canteenpay-agent-renew.service "$renewal")
wait_s=${CANTEENPAY_WAIT:-120}
steady_s=${CANTEENPAY_STEADY:-5}
keep=${CANTEENPAY_KEEP:-3}
spare_bytes=$((64 * 1024 * 1024))
# What needs root is left out below another root: a test runs as whoever it is.
root=no
if [ -z "$prefix" ] && [ "$(id -u)" -eq 0 ]; then root=yes; fi

say() { printf '%s\n' "$*"; }

# Without the lock, which would else outlive this script in whatever systemctl starts.
ctl() { systemctl "$@" 9>&-; }

# Nothing was changed.
refuse() {
  printf 'Refused: %s\n' "$*" >&2
  exit 2
}

must_be_root() { [ -n "$prefix" ] || [ "$root" = yes ] || refuse "$0 must be run as root, because it installs a service. Do: sudo $0"; }

# One at a time; the lock goes with this process, however it ends. What is started from here must not inherit it.
lock() {
  mkdir -p "$home"
  exec 9>"$home/.lock"
  flock -n 9 || refuse "another installation or update is under way on this machine. Wait for it to end; it takes a few minutes at most."
}

# The version that a link names; nothing where there is none.
version_of() { if [ -L "$home/$1" ]; then basename "$(readlink "$home/$1")"; fi; }
database_of() { cat "$releases/$1/DATABASE"; }

# Points a link to a release, at once: a power cut leaves the old or the new one.
point() {
  ln -sfn "releases/$2" "$home/.$1.new"
  mv -T "$home/.$1.new" "$home/$1"
  sync -f "$home"
}

# A release appears under its name complete and on the disk, or not at all.
publish() {
  local staged=$1 version=$2
  chmod -R u=rwX,go=rX "$staged"
  if [ "$root" = yes ]; then chown -R root:root "$staged"; fi
  sync -f "$staged"
  mv -T "$staged" "$releases/$version"
  sync -f "$releases"
}

# Puts a file that systemd reads in its place, at once.
put() {
  mkdir -p "$(dirname "$2")"
  install -m 644 "$1" "$2.new"
  mv -T "$2.new" "$2"
}

# The unit belongs to the release: both go forward and back together.
put_units() {
  local changed=no name place
  for name in "$service" canteenpay-agent-settle.service canteenpay-agent-renew.service "$renewal" journald.conf; do
    # A release from before there was one.
    if [ ! -e "$home/current/$name" ]; then continue; fi
    place=$units/$name
    if [ "$name" = journald.conf ]; then place=$prefix/etc/systemd/journald@canteenpay.conf; fi
    if cmp -s "$home/current/$name" "$place"; then continue; fi
    put "$home/current/$name" "$place"
    changed=yes
  done
  if [ "$changed" = yes ]; then
    sync -f "$units"
    ctl daemon-reload
  fi
}

# Reads the settings as systemd does, into the array `settings`.
read_settings() {
  settings=()
  [ -r "$config" ] || refuse "the settings $config are not there. Do: run install.sh of the release, then fill them in."
  local line name value
  while IFS= read -r line || [ -n "$line" ]; do
    case "$line" in
      *$'\r'*) refuse "$config has the line ends of Windows. Do: sed -i 's/\r\$//' $config" ;;
      *\\*) refuse "$config has a backslash, which systemd reads as something else, in the line: $line" ;;
    esac
    if [[ $line =~ ^[[:space:]]*([#\;]|$) ]]; then continue; fi
    [[ $line =~ ^(Agent__[A-Za-z_]+|OTEL_[A-Z_]+|CANTEENPAY_CLOUD)=(.*)$ ]] || refuse "$config has a line that is no setting: $line. A setting looks like Agent__DeviceId=DEVMACH1."
    name=${BASH_REMATCH[1]} value=${BASH_REMATCH[2]}
    # Systemd would take the agent there, and lock it out of there: only its own folder can be written.
    [ "$name" != Agent__StateFolder ] || refuse "$config moves the machine's memory, which stays in $state. Do: take the line away."
    value=${value%"${value##*[![:space:]]}"}
    if [[ $value =~ ^\"(.*)\"$ ]]; then value=${BASH_REMATCH[1]}; fi
    settings+=("$name=$value")
  done <"$config"
}

# The body of GET {url}/health where the answer is 200. Bash's own sockets: a machine has no curl.
ask() (
  [[ $1 =~ ^http://([^/:]+|\[[0-9a-f:]+\]):([0-9]+)(/.*)?$ ]] || exit 1
  host=${BASH_REMATCH[1]} port=${BASH_REMATCH[2]} path=${BASH_REMATCH[3]%/}
  bare=${host#[}
  exec 2>/dev/null 3<>"/dev/tcp/${bare%]}/$port" || exit 1
  printf 'GET %s/health HTTP/1.0\r\nHost: %s\r\n\r\n' "$path" "$host:$port" >&3
  IFS= read -r -t 5 -u 3 answer || exit 1
  [[ $answer == HTTP/1.?' 200'* ]] || exit 1
  while IFS= read -r -t 5 -u 3 answer && [ "$answer" != $'\r' ]; do :; done
  IFS= read -r -t 5 -u 3 answer || [ -n "$answer" ] || exit 1
  printf '%s' "$answer"
)

# What the agent of a state folder says of itself.
health_in() {
  local told
  told=$(cat "$1/screen.json" 2>/dev/null) || return 1
  [[ $told =~ \"url\":\"([^\"]+)\" ]] || return 1
  ask "${BASH_REMATCH[1]}"
}

# The version that serves now; nothing where none does.
serving() {
  local health
  health=$(health_in "${1:-$state}") || return 0
  # Behind a plus, which JSON may write as \u002B, stands the revision.
  if [[ $health =~ \"version\":\"([^\"+\\]+) ]]; then say "${BASH_REMATCH[1]}"; fi
}

is_online() { [[ $(health_in "$state" || true) == *'"online":true'* ]]; }

# True once the version serves, and goes on doing so for a moment: one that crashes and is started again is not healthy.
wait_healthy() {
  local version=$1 online=$2 until=$((SECONDS + wait_s)) since=
  while [ "$SECONDS" -le "$until" ]; do
    if [ "$(serving)" = "$version" ] && { [ "$online" = no ] || is_online; }; then
      since=${since:-$SECONDS}
      if [ $((SECONDS - since)) -ge "$steady_s" ]; then return 0; fi
    else
      since=
    fi
    sleep 0.5
  done
  return 1
}

# As the agent's user, and gone when this script is.
as_agent() {
  local who=()
  if [ "$root" = yes ]; then who=(--reuid "$user" --regid "$user" --clear-groups); fi
  exec setpriv "${who[@]}" --no-new-privs --pdeathsig KILL -- env -i PATH="$PATH" "$@" 9>&-
}

# Tries a release with this machine's settings, but with a memory of its own, silently, and without the cloud: the till goes on serving meanwhile.
# With "copy" it gets a copy of the machine's memory; the service must be stopped then. `healthy` says whether it became so; its last words are in the array `said`.
try_release() {
  local version=$1 copy=${2:-} until running=yes file
  healthy=no
  read_settings
  rm -rf "$trial_folder"
  install -d -m 700 "$trial_folder"
  if [ "$copy" = copy ]; then
    # No epoch's file is left out: a database without it would be taken for one that was lost.
    for file in "$state"/agent.db "$state"/agent.db-wal "$state"/agent.epoch; do
      if [ -e "$file" ]; then cp "$file" "$trial_folder/"; fi
    done
  fi
  if [ "$root" = yes ]; then chown -R "$user:$user" "$trial_folder"; fi
  as_agent DOTNET_EnableDiagnostics=0 "${settings[@]}" Agent__StateFolder="$trial_folder" Agent__Broker__Host=127.0.0.1 Agent__Broker__Port=1 \
    Agent__Screen__Url=http://127.0.0.1:0 Agent__Voice__Output=none "$releases/$version/$program" </dev/null >"$trial_folder/said" 2>&1 &
  local pid=$!
  until=$((SECONDS + wait_s))
  while [ "$SECONDS" -le "$until" ] && [ "$running" = yes ]; do
    if [ "$(serving "$trial_folder")" = "$version" ]; then
      healthy=yes
      break
    fi
    kill -0 "$pid" 2>/dev/null || running=no
    sleep 0.2
  done
  kill "$pid" 2>/dev/null || true
  # It has nothing to finish: its memory is thrown away.
  sleep 0.2
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  mapfile -t said < <(tail -n 20 "$trial_folder/said")
  rm -rf "$trial_folder"
}

# Makes a release the one that runs. Not waited for: systemctl would wait for as long as a start may take.
run_release() {
  point current "$1"
  put_units
  ctl restart --no-block "$service"
}

# A release has shown that it works here: from now on it is what is gone back to.
prove() {
  local before
  before=$(version_of proven)
  if [ -n "$before" ] && [ "$before" != "$1" ]; then point previous "$before"; fi
  point proven "$1"
}

# What a kill or a power cut left half done and nobody names.
sweep() { rm -rf "$releases"/.unpack-* "$releases"/.gone-* "$trial_folder"; }

# Keeps the newest releases, and those that a link names.
prune() {
  local version kept=0
  while IFS= read -r version; do
    case "$version" in "$(version_of current)" | "$(version_of proven)" | "$(version_of previous)") kept=$((kept + 1)) ;; esac
  done < <(ls -1 "$releases")
  while IFS= read -r version; do
    case "$version" in "$(version_of current)" | "$(version_of proven)" | "$(version_of previous)") continue ;; esac
    if [ "$kept" -lt "$keep" ]; then
      kept=$((kept + 1))
    else
      mv -T "$releases/$version" "$releases/.gone-$version"
      rm -rf "$releases/.gone-$version"
    fi
  done < <(ls -1t "$releases")
}
