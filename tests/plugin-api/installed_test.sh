#!/bin/bash
# installed_test.sh SOURCE BINARY   A stranger's machine: only plugin-api is installed, in a directory of its own. Builds the
# bundled plugins and the template against it, then does what the plugin guide says.
set -euo pipefail
source=$1
binary=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cmake --install "$binary" --component plugin-api --prefix "$scratch/prefix" >"$scratch/log" ||
    { cat "$scratch/log"; exit 1; }
export CMAKE_PREFIX_PATH=$scratch/prefix
PKG_CONFIG_PATH=$(dirname "$(find "$scratch/prefix" -name fedmsg-hub-plugin.pc)")
export PKG_CONFIG_PATH
export PATH=$binary/bin:$PATH
hub=--no-hub
[ -x "$binary/bin/fedmsg-hub" ] && [ -x "$binary/bin/fedmsg-logger" ] && hub=

# A copy, so that nothing of this tree can be found by a relative path.
cp -r "$source/plugins" "$scratch/plugins"
build_and_test() {
    cmake -S "$1" -B "$2" -DCMAKE_BUILD_TYPE=Debug
    cmake --build "$2"
    ctest --test-dir "$2" --output-on-failure --no-tests=error
}
# Their own tests run in the tree; here each must compile, link, and please fedmsg-hub-plugin-check.
cmake -S "$scratch/plugins" -B "$scratch/build" -DCMAKE_BUILD_TYPE=Debug -DBUILD_TESTING=OFF -G Ninja
cmake --build "$scratch/build" --parallel 2
for plugin in badges genacls printer twitterbot; do [ -f "$scratch/build/plugins/$plugin.so" ]; done
cp -r "$scratch/plugins/template" "$scratch/my-consumer"
build_and_test "$scratch/my-consumer" "$scratch/my-consumer/build"
DESTDIR=$scratch/root cmake --install "$scratch/my-consumer/build"
[ -f "$scratch/root$(pkg-config --variable=plugindir fedmsg-hub-plugin | xargs realpath -m)/my-consumer.so" ]

python3 "$source/tests/plugin-api/guide_test.py" "$source/docs/plugin-guide.md" $hub
