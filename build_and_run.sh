#!/usr/bin/env bash
# Builds the image of Tandem and runs benches in it: ./build_and_run.sh [OPTION OF TANDEM OR PYTEST]…
# Leaves the runs in results/, and the table of this one in results/benchmark_results.csv.
# Ends with pytest's code. Settings are variables: see docs/containers.md.
set -euo pipefail
cd "$(dirname "$0")"

target=${TARGET:-cpu}
image=localhost/tandem:$target
results=$(realpath -m "${RESULTS:-results}")
powercap=${POWERCAP:-/sys/devices/virtual/powercap/intel-rapl}
cache=$(realpath -m "${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tandem-container}")

fail() {
    echo "build_and_run.sh: $1" >&2
    exit 2
}

# A client alone is no engine: Docker's needs its daemon.
find_engine() {
    local name
    for name in docker podman; do
        if command -v "$name" > /dev/null && "$name" info > /dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    if command -v buildah > /dev/null; then echo buildah; fi
}

build() {
    local options=(--target "$target" --tag "$image" --file Containerfile) name
    for name in BASE GPU_BASE EXTRAS GPU_EXTRAS EXTRA_INDEX; do
        [ -z "${!name:-}" ] || options+=(--build-arg "$name=${!name}")
    done
    [ -z "${NETWORK:-}" ] || options+=(--network "$NETWORK")
    [ -z "${SSL_CERT_FILE:-}" ] || options+=(--secret "id=certificates,src=$SSL_CERT_FILE")
    [ -z "${PIP_INDEX_URL:-}" ] || options+=(--secret "id=index,env=PIP_INDEX_URL")
    [ "$engine" != buildah ] || options+=(--layers) # the others keep them without being asked
    "$engine" build "${options[@]}" .
}

run() {
    local options=(--volume "$results:/results:z" --volume "$cache:/cache:z")
    [ -z "${WORK:-}" ] || options+=(--volume "$(realpath "$WORK"):/work:ro,z")
    # An engine hides the counters of energy where the kernel has them.
    [ ! -r "$powercap/intel-rapl:0/energy_uj" ] || options+=(--volume "$powercap:/run/host/powercap:ro")
    if [ "$engine" = buildah ]; then
        container=$(buildah from --pull-never "$image")
        trap 'buildah rm "$container" > /dev/null' EXIT
        buildah run "${options[@]}" "$container" -- tini -s -- python -m tandem "$@"
        return
    fi
    options+=(--rm)
    [ "$(id -u)" = 0 ] || options+=(--user "$(id -u):$(id -g)") # what it writes is yours
    case $engine-$target in
        docker-gpu) options+=(--gpus all) ;;
        podman-gpu) options+=(--device nvidia.com/gpu=all) ;;
    esac
    [ "$engine" != podman ] || [ "$(id -u)" = 0 ] || options+=(--userns keep-id)
    "$engine" run "${options[@]}" "$image" "$@"
}

engine=${ENGINE:-$(find_engine)}
case $engine in
    docker | podman) ;;
    buildah)
        [ "$(id -u)" = 0 ] || fail "buildah must be root here: else results/ would not be yours; or install podman"
        [ "$target" = cpu ] || fail "buildah gives no GPU to a container: install docker or podman"
        # Works in a sandbox too. Where overlays do not, each layer is a copy of all below it: slow, and large.
        export BUILDAH_ISOLATION=${BUILDAH_ISOLATION:-chroot}
        buildah info > /dev/null 2>&1 || export STORAGE_DRIVER=vfs
        ;;
    *) fail "no engine for containers answers: install podman, docker (and start it) or buildah" ;;
esac

[ $# -gt 0 ] || set -- -m smoke
[ "$target" != gpu ] || set -- --devices cuda "$@"
mkdir -p "$results" "$cache"
[ "$(id -u)" != 0 ] || chown 1001 "$results" "$cache" # the user of the image
rm -f "$results/benchmark_results.csv"
before=$(readlink "$results/latest" || true)

began=$SECONDS
build
echo "build_and_run.sh: built in $((SECONDS - began)) s with $engine"
code=0
run bench --output=. "$@" || code=$?
# A run that could not start leaves the table of the one before.
if [ "$(readlink "$results/latest" || true)" != "$before" ]; then
    cp "$results/latest/results.csv" "$results/benchmark_results.csv"
fi
exit "$code"
