#!/bin/sh
# Runs what a unit's service runs, without what the unit takes away, as far as that goes where systemd is not at work: the
# capabilities, the network, devices, what other processes do, and every disk for writing.
#
#     sh restricted.sh edgewright-status.service
set -eu
setting() { sed -n "s/^$1=//p" "$unit"; }

unit=$1
if [ "${2-}" != inside ]; then
    if [ "$(setting PrivateNetwork)" = yes ]; then
        exec unshare --mount --net --pid --fork --kill-child sh "$0" "$unit" inside
    fi
    # Whoever asks a server has to find its process.
    exec unshare --mount sh "$0" "$unit" inside
fi
mount --make-rprivate /
mount -t proc -o "subset=$(setting ProcSubset),hidepid=$(setting ProtectProc)" proc /proc
mount -t tmpfs -o mode=755 tmpfs /dev
for device in null:3 zero:5 full:7 random:8 urandom:9; do
    mknod -m 666 "/dev/${device%:*}" c 1 "${device#*:}"
done
findmnt -rno TARGET,OPTIONS | while read -r place options; do
    # What is mounted over has no name of its own.
    case $options in rw*) mount -o remount,bind,ro "$(printf '%b' "$place")" 2>/dev/null || : ;; esac
done
for place in $(setting ReadWritePaths | tr -d -); do
    if [ -d "$place" ]; then mount --bind "$place" "$place" && mount -o remount,bind,rw "$place"; fi
done
if (: >/etc/restricted) 2>/dev/null; then
    echo 'The disk can still be written.' >&2
    exit 1
fi
# An hour is too long to wait for.
keeps=$(setting CapabilityBoundingSet | tr 'A-Z ' 'a-z,' | sed 's/cap_/+/g')
# shellcheck disable=SC2046 # the words of the command
exec setpriv --bounding-set="-all${keeps:+,$keeps}" --inh-caps=-all --no-new-privs $(setting ExecStart | sed 's/3600$/2/')
