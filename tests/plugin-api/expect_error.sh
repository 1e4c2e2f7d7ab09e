#!/bin/sh
# expect_error.sh FILE COMPILER OPTION...   Passes if the compiler refuses FILE with the sentence of its first line
# ("// expect: REGEX"), and says little besides.
file=$1
shift
expected=$(sed -n '1s|^// expect: ||p' "$file")
[ -n "$expected" ] || { echo "$file has no first line '// expect: ...'"; exit 1; }
if output=$("$@" -fsyntax-only "$file" 2>&1); then
    echo "$file was accepted, but should be refused with: $expected"
    exit 1
fi
echo "$output"
echo "$output" | grep -Eq "error: static.assert.*fedmsg_hub: .*$expected" || { echo "expected: $expected"; exit 1; }
errors=$(echo "$output" | grep -c "error: ")
[ "$errors" -le 2 ] || { echo "the author has to read $errors errors: too many"; exit 1; }
