#!/bin/sh
# expect_errors.sh DIRECTORY COMPILER OPTION...   Passes if the compiler refuses each file of the directory with the
# sentence of the file's first line ("// expect: REGEX"), and says little besides. The SDK is compiled once in advance.
directory=$1
shift
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
header=$scratch/precompiled.hpp
echo '#include <fedmsg_hub/plugin.hpp>' >"$header"
suffix=gch
"$@" --version | grep -q clang && suffix=pch
"$@" -x c++-header "$header" -o "$header.$suffix" || exit 1

count=0
status=0
for file in "$directory"/*.cpp; do
    count=$((count + 1))
    expected=$(sed -n '1s|^// expect: ||p' "$file")
    output=$("$@" -include "$header" -fsyntax-only "$file" 2>&1)
    accepted=$?
    errors=$(echo "$output" | grep -c "error: ")
    if [ -z "$expected" ]; then
        problem="it has no first line '// expect: ...'"
    elif [ "$accepted" -eq 0 ]; then
        problem="it was accepted, but should be refused with: $expected"
    elif ! echo "$output" | grep -Eq "error: static.assert.*fedmsg_hub: .*$expected"; then
        problem="expected: $expected"
    elif [ "$errors" -gt 2 ]; then
        problem="the author has to read $errors errors"
    else
        continue
    fi
    printf '%s: %s\n%s\n' "$(basename "$file")" "$problem" "$output"
    status=1
done
[ "$count" -ge 20 ] || { echo "only $count files in $directory"; exit 1; }
exit "$status"
