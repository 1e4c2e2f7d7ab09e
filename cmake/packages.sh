# shellcheck shell=bash
# Sourced by ./run, tests/run and .ci/run: which Debian 12 packages each of them needs, and how they are installed.
# Change a dependency here and nowhere else. (libboost1.81-dev by that name: plain libboost-dev is 1.74 and conflicts.)

# -D options for cmake; see build().
CONFIGURE_OPTIONS=()

BUILD_PACKAGES=(
    g++ cmake ninja-build pkg-config
    libzmq3-dev cppzmq-dev rapidjson-dev
    libboost1.81-dev libboost-filesystem1.81-dev
    libyaml-cpp-dev libfmt-dev libspdlog-dev libcli11-dev
    libpcre2-dev libsqlite3-dev libsystemd-dev libssl-dev
    libsoci-dev libpq-dev libcurl4-openssl-dev libicu-dev libre2-dev  # the bundled plugins
)
TEST_PACKAGES=(
    libgtest-dev libgmock-dev libbenchmark-dev
    python3 python3-zmq systemd procps make
    gitolite3 postgresql
)
LINT_PACKAGES=(
    clang-14 libclang-rt-14-dev clang-tidy-14 clang-format-14 ccache
)

say() { printf '==> %s\n' "$*"; }

fail() {
    printf '%s: error: %s\n' "${PROGRAM:-fedmsg-hub}" "$*" >&2
    exit 1
}

is_installed() { [[ $(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null) == ii* ]]; }

# Prints those of the packages named that are not installed.
missing_packages() {
    local package
    for package in "$@"; do is_installed "$package" || printf '%s\n' "$package"; done
}

# install_packages NAME...: installs what is missing, with apt's own progress. Silent if nothing is.
install_packages() {
    if ! command -v apt-get >/dev/null; then
        say "no apt-get here, so nothing is installed; the build needs what these Debian packages hold: $*"
        return
    fi
    local missing as_root=()
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    if ((EUID != 0)); then
        command -v sudo >/dev/null ||
            fail "these packages are missing and only root can install them: ${missing[*]}
       Run this as root, or:  apt-get install --no-install-recommends ${missing[*]}"
        as_root=(sudo)
    fi
    say "installing ${#missing[@]} packages: ${missing[*]}"
    "${as_root[@]}" apt-get update || fail "apt-get update failed (see above): check the network and /etc/apt"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" ||
        fail "apt-get install failed (see above)"
}

# build PRESET [TARGET...]: builds in build/PRESET; ninja shows its progress. Configures only if that is still to be done,
# or was done with other options. CONFIGURE_OPTIONS (array): -D options. BUILD_JOBS: compilers at a time.
build() {
    local preset=$1
    shift
    local directory=$PROJECT/build/$preset
    local stamp=$directory/configured-with
    if [[ ! -e $directory/build.ninja || $(cat "$stamp" 2>/dev/null) != "${CONFIGURE_OPTIONS[*]}" ]]; then
        say "configuring $preset"
        cmake --preset "$preset" -S "$PROJECT" "${CONFIGURE_OPTIONS[@]}" || fail "cmake could not configure (see above)"
        printf '%s' "${CONFIGURE_OPTIONS[*]}" >"$stamp"
    fi
    say "building $preset"
    cmake --build "$directory" --parallel "${BUILD_JOBS:-$(nproc)}" ${1:+--target "$@"} ||
        fail "the build failed (see above)"
}
