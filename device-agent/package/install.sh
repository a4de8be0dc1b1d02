#!/usr/bin/env bash
# Installs the agent on a machine that has none, from the folder that this script stands in. To be run again after the settings were filled in, or after it was cut off.
#   sudo ./install.sh
# What is there already is kept: user, settings, certificates, the machine's memory.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")"
# shellcheck source=release.sh
. ./release.sh

check_machine() {
  must_be_root
  [ "$(uname -s) $(uname -m)" = "Linux x86_64" ] || refuse "this agent is for Linux on x86_64, and this machine is $(uname -s) on $(uname -m). Do: get the package made for it."
  command -v systemctl >/dev/null || refuse "this machine has no systemd, which starts the agent and watches it. Do: install it on a Debian 12 or later."
  local file
  for file in "${files[@]}"; do
    [ -e "$file" ] || refuse "$file is missing beside install.sh. Do: unpack the whole package again."
  done
  # No pipe into grep -q: it ends at the first hit, and what still writes into it would fail the pipe.
  [ -n "$prefix" ] || [[ $(ldconfig -p) == *libmosquitto.so.1* ]] || refuse "the agent speaks to the broker by libmosquitto1, which this machine does not have. Do: apt-get install libmosquitto1"
  ./"$program" --version >/dev/null || refuse "the agent does not run on this machine; the words above say why."
}

make_user() {
  if [ "$root" = no ]; then return; fi
  if ! getent passwd "$user" >/dev/null; then
    useradd --system --user-group --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin "$user"
    say "User $user made."
  fi
}

# Before the agent runs for the first time, because enrolment leaves the machine's key and certificate there.
make_state() {
  if [ "$root" = yes ]; then install -d -m 700 -o "$user" -g "$user" "$state"; fi
}

make_settings() {
  mkdir -p "$etc"
  if [ ! -e "$config" ]; then
    install -m 640 agent.env "$config.new"
    mv -T "$config.new" "$config"
    is_new=yes
  fi
  # The agent reads them and cannot change them; nobody else reads them.
  if [ "$root" = yes ]; then
    chown -R "root:$user" "$etc"
    chmod -R u=rwX,g=rX,o= "$etc"
  fi
}

put_release() {
  if [ -e "$releases/$version" ]; then
    cmp -s "$program" "$releases/$version/$program" || refuse "another agent is already installed under the version $version. Do: give each package a version of its own."
    return
  fi
  local staged=$releases/.unpack-install
  mkdir -p "$staged"
  cp -a . "$staged/"
  publish "$staged" "$version"
}

main() {
  check_machine
  lock
  trap '' HUP
  mkdir -p "$releases"
  local version is_new=no sure
  version=$(<VERSION)
  sure=$(version_of proven)
  if [ -n "$sure" ]; then
    [ "$sure" = "$version" ] || refuse "this machine has the agent $sure already. Do: $home/proven/update.sh with the package of $version, which goes back by itself should it fail."
    put_units
    ctl enable --quiet "$service" canteenpay-agent-settle.service
    ctl enable --quiet --now "$renewal"
    ctl start --no-block "$service"
    say "The agent $version is installed already."
    return
  fi

  sweep
  make_user
  make_state
  make_settings
  put_release
  point current "$version"
  put_units
  if [ "$is_new" = yes ]; then
    say "The agent $version is here, and does not run yet. Fill in $config, put ca.pem beside it, enrol the machine (README.md), and run this again."
    return
  fi

  say "Trying the agent with this machine's settings …"
  try_release "$version"
  if [ "$healthy" = no ]; then
    printf '  %s\n' "${said[@]}" >&2
    refuse "the agent does not start with these settings; its own words are above. Do: mend $config, and run this again."
  fi
  ctl enable --quiet "$service" canteenpay-agent-settle.service
  ctl enable --quiet --now "$renewal"
  ctl restart --no-block "$service"
  if ! wait_healthy "$version" no; then
    say "The agent $version was started and is not healthy after $wait_s s. Do: look at systemctl status $service and journalctl --namespace=canteenpay, and run this again." >&2
    exit 1
  fi
  prove "$version"
  say "The agent $version runs. To update it: $home/proven/update.sh FILE.tar.gz"
}

# Read to its end before anything of it runs.
main "$@"
exit
