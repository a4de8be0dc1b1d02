#!/usr/bin/env bash
# Proves the agent's package on a machine that has never seen it: a clean Debian made by debootstrap, booted with its own systemd in namespaces of its own (no network but
# loopback, nothing mounted outside), a broker beside it. Installs as somebody does for the first time, kills, updates, updates to a version that never becomes healthy,
# cuts the power in the middle of an update. Prints Markdown; ends with 1 as soon as something is not as it must be. Needs root.
#   chroot.sh        called by bench.sh chroot; PACKAGE (of version 0.1.1) and DEBIAN (what debootstrap made) spare it the making of them
set -euo pipefail
script=$(readlink -f "$0")

# The second half of starting the machine: already in its namespaces. $1 its root.
if [ "${1:-}" = --boot ]; then
  cd "$2"
  mount --make-rprivate /
  mount --bind . .
  cd "$2"
  ip link set lo up
  mount -t proc proc proc
  # Settings of the kernel are everybody's.
  mount --bind proc/sys proc/sys
  mount -o remount,bind,ro proc/sys
  mount -t sysfs -o ro sysfs sys
  mount -t cgroup2 cgroup2 sys/fs/cgroup
  mount -t tmpfs -o mode=755 tmpfs dev
  mkdir dev/pts dev/shm
  mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
  mount -t tmpfs tmpfs dev/shm
  for node in null zero full random urandom tty; do
    touch "dev/$node"
    mount --bind "/dev/$node" "dev/$node"
  done
  ln -s pts/ptmx dev/ptmx
  ln -s /proc/self/fd dev/fd
  mount -t tmpfs -o mode=755 tmpfs run
  mount -t tmpfs tmpfs tmp
  # The unit has users of its own (PrivateUsers), which a mere chroot is refused.
  pivot_root . mnt
  exec chroot . /usr/bin/env -i container=bench PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -c 'umount --lazy /mnt && exec "$@"' boot \
    setpriv --bounding-set -sys_time,-sys_module,-syslog,-sys_rawio -- /lib/systemd/systemd --system --show-status=0
fi

cd "$(dirname "$script")/../.."
[ "$(id -u)" -eq 0 ] || {
  echo "A Debian of its own can only be made by root: sudo $0" >&2
  exit 1
}
for tool in debootstrap ip openssl pgrep mosquitto; do
  command -v "$tool" >/dev/null && continue
  infra/local/setup.sh --tests >&2
  apt-get install -y -qq --no-install-recommends debootstrap iproute2 openssl >&2
  break
done

work=$(mktemp -d)
chmod 755 "$work"
root=$work/debian
cgroups=$work/cgroups
outer=""
broker=""
stop_machine() {
  if [ -n "$broker" ]; then kill "$broker" 2>/dev/null || true; fi
  # Its first process dies with it, and all others with that one.
  if [ -n "$outer" ]; then kill -KILL "$outer" 2>/dev/null || true; wait "$outer" 2>/dev/null || true; fi
  outer=""
  broker=""
}
clean() {
  stop_machine
  if mountpoint -q "$cgroups"; then
    for try in 1 2 3 4 5; do
      find "$cgroups/canteen-bench" -depth -type d -exec rmdir {} \; 2>/dev/null || sleep "$try"
    done
    umount "$cgroups"
  fi
  rm -rf --one-file-system "$work"
}
trap clean EXIT

fail() {
  echo "**Not as it must be**: $*"
  [ -z "$outer" ] || inside journalctl --namespace='*' --no-pager -n 40 >&2 || true
  exit 1
}
inside() {
  nsenter --target "$inner" --mount --pid --uts --ipc --cgroup --net --root --wd -- /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@"
}
row() { printf '| %s | %s | %s |\n' "$1" "$2" "$3"; }
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f s", b - a }'; }
until_true() {
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$until" ] || return 1
    sleep 0.2
  done
}

start_machine() {
  mkdir -p "$cgroups"
  mountpoint -q "$cgroups" || mount -t cgroup2 cgroup2 "$cgroups"
  mkdir -p "$cgroups/canteen-bench"
  (
    echo "$BASHPID" >"$cgroups/canteen-bench/cgroup.procs"
    exec unshare --mount --pid --uts --ipc --cgroup --net --fork --kill-child "$script" --boot "$root"
  ) >"$work/console" 2>&1 </dev/null &
  outer=$!
  until_true 20 first_process || fail "the machine did not boot: $(cat "$work/console")"
  until_true 60 booted || fail "systemd did not come up: $(inside systemctl list-jobs --no-pager)"
  nsenter --target "$inner" --net -- mosquitto -c "$work/broker/mosquitto.conf" >"$work/broker/log" 2>&1 &
  broker=$!
}
first_process() {
  inner=$(pgrep --parent "$outer") && [[ $(readlink "/proc/$inner/exe") == */systemd ]]
}
booted() { inside systemctl is-active --quiet basic.target 2>/dev/null; }

# What the machine's agent says; its version as the updater reads it.
health() { inside bash -c '. /opt/canteenpay/agent/current/release.sh && health_in "$state"' 2>/dev/null; }
serves() { [[ $(health) == *"\"version\":\"$1"[+\\]* ]]; }
online() { [[ $(health) == *'"online":true'* ]]; }
agent() { inside systemctl show -p MainPID --value canteenpay-agent.service; }
serves_anew() { [ "$(agent)" != "$1" ] && serves "$2"; }
link() { basename "$(readlink "$root/opt/canteenpay/agent/$1")"; }
update() { inside /usr/bin/env CANTEENPAY_WAIT="${wait:-60}" /opt/canteenpay/agent/proven/update.sh "$@" 2>&1; }

certificates() {
  mkdir "$work/broker"
  (
    cd "$work/broker"
    openssl ecparam -name prime256v1 -genkey -noout -out ca.key
    openssl req -x509 -new -key ca.key -subj "/CN=bench ca" -days 2 -out ca.pem
    for name in localhost DEVMACH1; do
      openssl ecparam -name prime256v1 -genkey -noout -out "$name.key"
      openssl req -new -key "$name.key" -subj "/CN=$name" -out "$name.csr"
      openssl x509 -req -in "$name.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile <(echo "subjectAltName=DNS:localhost,IP:127.0.0.1") -out "$name.pem"
    done
    printf '%s\n' "user root" "listener 8883 127.0.0.1" "cafile ca.pem" "certfile localhost.pem" "keyfile localhost.key" \
      "require_certificate true" "allow_anonymous true" | sed "s#file #&$PWD/#" >mosquitto.conf
  ) 2>/dev/null
}

# The same agent under another version, and sick where that is asked for: publishing once more would take longer than all else here.
package_again() {
  local version=$1 sick=${2:-} name=canteenpay-agent-$1-linux-x64
  cp -a "$work/packages/canteenpay-agent-$first-linux-x64" "$work/packages/$name"
  (
    cd "$work/packages/$name"
    LC_ALL=C sed -i "s/${first//./\\.}+/$version+/g" CanteenPay.DeviceAgent
    echo "$version" >VERSION
    if [ -n "$sick" ]; then
      # Well in its trial; on the real machine it starts, and never serves.
      mv CanteenPay.DeviceAgent agent
      printf '%s\n' '#!/bin/sh' '[ "$Agent__StateFolder" = /var/lib/canteenpay ] || exec "${0%/*}/agent" "$@"' 'exec sleep infinity' >CanteenPay.DeviceAgent
      chmod 755 CanteenPay.DeviceAgent
    fi
    cd ..
    tar -czf "$name.tar.gz" --owner=0 --group=0 "$name"
    sha256sum "$name.tar.gz" >"$name.tar.gz.sha256"
  )
  cp "$work/packages/$name.tar.gz" "$work/packages/$name.tar.gz.sha256" "$root/root/"
  package=/root/$name.tar.gz
}

first=0.1.1
[ -n "${PACKAGE:-}" ] || PACKAGE=$(infra/package-agent.sh "$first" | tail -n 1)
certificates
mkdir "$work/packages"
tar -xzf "$PACKAGE" -C "$work/packages"

# The mirror and the release are those of this machine's own apt.
mirror=$(apt-get indextargets --format '$(REPO_URI)' "Created-By: Packages" | sed -n 1p)
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
began=$(now)
if [ -n "${DEBIAN:-}" ]; then
  cp -a "$DEBIAN" "$root"
else
  debootstrap --variant=minbase --include=systemd,libmosquitto1 "$suite" "$root" "$mirror" >"$work/debootstrap.log" 2>&1 || {
    tail "$work/debootstrap.log" >&2
    exit 1
  }
fi
made=$(since "$began")
# A machine that was just set up does not have it: the installation must say so.
chroot "$root" dpkg --purge libmosquitto1 >/dev/null
[ -e "$root/etc/hosts" ] || echo "127.0.0.1 localhost" >"$root/etc/hosts"
# What belongs to hardware that namespaces do not have.
for unit in systemd-udevd.service systemd-udevd-kernel.socket systemd-udevd-control.socket systemd-udev-trigger.service systemd-modules-load.service systemd-sysctl.service \
  systemd-logind.service getty.target console-getty.service systemd-random-seed.service systemd-pstore.service apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
  fstrim.timer e2scrub_all.timer e2scrub_reap.service; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
# Shorter than the 120 s of a real machine.
mkdir "$root/etc/systemd/system/canteenpay-agent-settle.service.d"
printf '[Service]\nEnvironment=CANTEENPAY_WAIT=20\n' >"$root/etc/systemd/system/canteenpay-agent-settle.service.d/wait.conf"
start_machine

echo "| step | what came | time |"
echo "| --- | --- | --- |"
row "a clean $(. "$root/etc/os-release" && echo "$PRETTY_NAME") by debootstrap, systemd $(inside systemctl --version | sed -n '1s/systemd \([0-9]*\).*/\1/p') as its first process" "running" "$made"

cp "$PACKAGE" "$PACKAGE.sha256" "$root/root/"
folder=/root/canteenpay-agent-$first-linux-x64
inside tar -xzf "$folder.tar.gz" -C /root
if said=$(inside "$folder/install.sh" 2>&1); then fail "installed without libmosquitto1: $said"; fi
row "\`install.sh\`" "\`$said\`" ""
inside sh -c 'dpkg -i /var/cache/apt/archives/libmosquitto1_*.deb' >/dev/null
said=$(inside "$folder/install.sh" 2>&1) || fail "$said"
row "\`install.sh\`, with libmosquitto1" "\`$(tail -n 1 <<<"$said")\`" ""
if said=$(inside "$folder/install.sh" 2>&1); then fail "started without settings: $said"; fi
[[ $said == *Agent:DeviceId* ]] || fail "$said"
row "\`install.sh\`, nothing filled in" "$(grep -c '^  *- ' <<<"$said") settings named, the first \`$(grep -m 1 -o 'Agent:DeviceId is missing' <<<"$said")\`; exit code 2" ""
cp "$work/broker/ca.pem" "$root/etc/canteenpay/ca.pem"
# As --enrol leaves it: key and certificate in one file of the agent's user.
cat "$work/broker/DEVMACH1.pem" "$work/broker/DEVMACH1.key" >"$root/var/lib/canteenpay/machine.pem"
inside chown canteenpay:canteenpay /var/lib/canteenpay/machine.pem
inside chmod 600 /var/lib/canteenpay/machine.pem
sed -i -e 's/^\(Agent__DeviceId=\).*/\1DEVMACH1/' -e 's/^\(Agent__MerchantId=\).*/\1DEVMERCH/' -e 's/^\(Agent__Broker__Host=\).*/\1localhost/' "$root/etc/canteenpay/agent.env"
began=$(now)
said=$(inside "$folder/install.sh" 2>&1) || fail "$said"
row "\`install.sh\`, filled in" "\`$(tail -n 1 <<<"$said" | cut -d . -f 1-3)\`" "$(since "$began")"
until_true 30 online || fail "the agent is not online: $(health)"
owner=$(inside stat -c %U "/proc/$(agent)")
[ "$owner" = canteenpay ] || fail "the agent runs as $owner"
[ "$(inside systemctl is-enabled canteenpay-agent.service)" = enabled ] || fail "the agent would not start with the machine"
row "its process" "user $owner, \`Type=notify\` $(inside systemctl show -p SubState --value canteenpay-agent.service), health \`$(health)\`" ""
epoch=$(cat "$root/var/lib/canteenpay/agent.epoch")

killed=$(agent)
began=$(now)
inside bash -c "kill -KILL $killed"
until_true 30 serves_anew "$killed" "$first" || fail "not started again after a kill"
row "killed (SIGKILL)" "started again by systemd, serves" "$(since "$began")"

stopped=$(agent)
began=$(now)
inside bash -c "kill -STOP $stopped"
until_true 60 serves_anew "$stopped" "$first" || fail "the watchdog did not notice a process that stands still"
row "stands still (SIGSTOP)" "ended by the watchdog, started again, serves" "$(since "$began")"

until_true 30 online || fail "not online"
package_again 0.1.2
before=$(agent)
began=$(now)
said=$(update "$package") || fail "$said"
serves 0.1.2 && [ "$(agent)" != "$before" ] && [ "$(link proven)" = 0.1.2 ] || fail "$said"
row "\`update.sh\` to 0.1.2" "$(tail -n 1 <<<"$said") Online again" "$(since "$began")"

package_again 0.1.3 sick
began=$(now)
code=0
said=$(wait=20 update "$package") || code=$?
[ "$code" -eq 1 ] && serves 0.1.2 && [ "$(link current)" = 0.1.2 ] || fail "exit code $code: $said"
row "\`update.sh\` to 0.1.3, which passes its trial and never serves (20 s allowed)" "exit code 1: $(sed -n 2p <<<"$said") Serves 0.1.2 again" "$(since "$began")"

# Another digest for the same file.
code=0
said=$(update "$package" "$(printf '%064d' 0)") || code=$?
[ "$code" -eq 2 ] && serves 0.1.2 || fail "exit code $code: $said"
row "\`update.sh\` with another digest" "exit code 2, nothing changed" ""

package_again 0.1.4 sick
update "$package" >"$work/cut" &
cut=$!
until_true 60 eval '[ "$(link current)" = 0.1.4 ]' || fail "never switched: $(cat "$work/cut")"
stop_machine
wait "$cut" 2>/dev/null || true
[ "$(link proven)" = 0.1.2 ] || fail "0.1.4 counts as healthy"
began=$(now)
start_machine
until_true 200 serves 0.1.2 || fail "the machine did not come back to 0.1.2"
[ "$(link current)" = 0.1.2 ] || fail "current is $(link current)"
settled() { ! inside systemctl is-active --quiet canteenpay-agent-settle.service; }
until_true 30 settled || fail "settling has no end"
row "power cut in the middle of an update to 0.1.4, as sick; booted again" "the settling unit goes back to 0.1.2 (20 s allowed)" "$(since "$began")"

began=$(now)
said=$(update back) || fail "$said"
serves "$first" || fail "$said"
row "\`update.sh back\`" "$(tail -n 1 <<<"$said")" "$(since "$began")"
[ "$(cat "$root/var/lib/canteenpay/agent.epoch")" = "$epoch" ] || fail "the machine's memory was begun anew"
row "the machine's memory after all of this" "the same journal, epoch $epoch" ""

inside systemd-analyze verify /etc/systemd/system/canteenpay-agent.service /etc/systemd/system/canteenpay-agent-settle.service /etc/systemd/system/canteenpay-agent-renew.service /etc/systemd/system/canteenpay-agent-renew.timer >"$work/verify" 2>&1 || fail "systemd-analyze verify: $(cat "$work/verify")"
[ ! -s "$work/verify" ] || fail "systemd-analyze verify: $(cat "$work/verify")"
row "\`systemd-analyze verify\`" "nothing to say" ""
row "\`systemd-analyze security\`" "$(inside systemd-analyze security --offline=true --no-pager /etc/systemd/system/canteenpay-agent.service | sed -n 's/^→ Overall exposure level for [^:]*: \([0-9.]* [A-Z]*\).*/exposure \1/p')" ""
row "size" "package $(stat -c %s "$PACKAGE" | numfmt --to=si)B, a release on the disk $(du -sb "$root/opt/canteenpay/agent/releases/$first" | cut -f 1 | numfmt --to=si)B" ""
