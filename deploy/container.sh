#!/usr/bin/env bash
# deploy/container.sh BINARY ARCHIVE: writes the container image as an OCI archive, without a container engine.
#
# The base is what the native program needs and nothing else, from the packages of the Debian or Ubuntu this runs on (the
# program is linked against that libc): libc, OpenSSL, time zones, certificate authorities. No shell, no package manager.
# Load it with `podman load -i ARCHIVE`, `docker load -i ARCHIVE` or `skopeo copy oci-archive:ARCHIVE ...`.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/lib.sh"

[ $# -eq 2 ] && [ -x "$1" ] || fail 'usage: deploy/container.sh BINARY ARCHIVE'
for tool in umoci dpkg-deb apt-get; do
    command -v "$tool" >/dev/null || fail "$tool is not installed." \
        'The archive is built on Debian or Ubuntu: apt-get install umoci. Elsewhere use deploy/Dockerfile.'
done
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
mkdir -p "$(dirname "$2")"
archive=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
version=$("$binary" --version)
tag=latest
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 0755 "$work"
mkdir "$work/packages" "$work/unpacked"
root=$work/root

# The name of the OpenSSL package carries its ABI.
ssl=libssl3
[ -z "$(apt-cache policy libssl3t64 2>/dev/null)" ] || ssl=libssl3t64
(cd "$work/packages" && apt-get download -qq -o APT::Sandbox::User=root libc6 "$ssl" tzdata ca-certificates) ||
    fail 'the packages of the base could not be fetched.' 'If apt has no lists yet: apt-get update.'
for package in "$work"/packages/*.deb; do
    dpkg-deb --extract "$package" "$work/unpacked"
done

# Directories are made as Debian has them since bookworm: /lib and /lib64 point into /usr.
mkdir -p "$root"/{usr/bin,usr/lib,etc/ssl/certs,usr/share/doc,dev,proc,sys,tmp,data}
ln -s usr/lib "$root/lib"
[ "$(uname -m)" != x86_64 ] || { mkdir "$root/usr/lib64"; ln -s usr/lib64 "$root/lib64"; }
for lib in "$work"/unpacked/{,usr/}lib "$work"/unpacked/{,usr/}lib64; do
    [ ! -d "$lib" ] || [ -L "$lib" ] || (cd "$lib" && find . \( -name '*.so*' \) ! -path '*/gconv/*' ! -path '*/engines-3/*' -print0 |
        tar --create --null --files-from - | tar --extract --directory "$root/usr/$(basename "$lib")")
done
cp -a "$work/unpacked/usr/share/zoneinfo" "$root/usr/share/"
rm -rf "$root/usr/share/zoneinfo/"{right,posix}
cp -a "$work/unpacked/usr/share/doc/." "$root/usr/share/doc/"
find "$root/usr/share/doc" -type f ! -name copyright -delete
find "$work/unpacked/usr/share/ca-certificates" -name '*.crt' | LC_ALL=C sort | xargs cat >"$root/etc/ssl/certs/ca-certificates.crt"
printf 'root:x:0:0:root:/root:/sbin/nologin\ntuppence:x:65532:65532:Tuppence:/data:/sbin/nologin\n' >"$root/etc/passwd"
printf 'root:x:0:\ntuppence:x:65532:\n' >"$root/etc/group"
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
install -m 0755 "$binary" "$root/usr/bin/tuppence"
install -D -m 0644 "$here/../LICENSE" "$root/usr/share/doc/tuppence/copyright"
chmod 1777 "$root/tmp"
[ "$(id -u)" -ne 0 ] || chown 65532:65532 "$root/data"
chmod 0700 "$root/data"

# One layer; times are the commit's, so that the same commit gives the same image.
epoch=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct 2>/dev/null || date +%s)}
created=$(date --utc --date "@$epoch" +%Y-%m-%dT%H:%M:%SZ)
find "$root" -print0 | xargs -0 touch --no-dereference --date "@$epoch"
rootless=
[ "$(id -u)" -eq 0 ] || rootless=--rootless
umoci init --layout "$work/image"
umoci new --image "$work/image:$tag"
umoci insert $rootless --image "$work/image:$tag" --history.created "$created" --history.comment 'Tuppence and what it needs' "$root" /
umoci config --image "$work/image:$tag" --no-history --created "$created" --os linux \
    --architecture "$(dpkg --print-architecture)" \
    --config.user 65532:65532 --config.workingdir /data --config.entrypoint /usr/bin/tuppence \
    --config.exposedports 42069/tcp --config.volume /data --config.stopsignal SIGTERM \
    --config.env PATH=/usr/bin --config.env HOME=/data --config.env DOTNET_RUNNING_IN_CONTAINER=true \
    --config.env SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    --config.label org.opencontainers.image.title=Tuppence --config.label org.opencontainers.image.licenses=MIT \
    --config.label "org.opencontainers.image.version=$version"
umoci gc --layout "$work/image"
tar --create --file "$archive" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$epoch" --directory "$work/image" .
printf '%s: version %s, %d bytes\n' "$(basename "$archive")" "$version" "$(stat --format %s "$archive")"
