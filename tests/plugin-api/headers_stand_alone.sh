#!/bin/sh
# headers_stand_alone.sh INCLUDE-DIRECTORY COMPILER OPTION...   Each header of the SDK compiles as the only include.
directory=$1
shift
cd "$directory" || exit 1
count=0
status=0
for header in fedmsg_hub/*.h fedmsg_hub/*.hpp fedmsg_hub/*/*.hpp; do
    printf '#include <%s>\n' "$header" | "$@" -fsyntax-only -x c++ - || { echo "$header does not stand alone"; status=1; }
    count=$((count + 1))
done
[ "$count" -ge 15 ] || { echo "only $count headers found in $directory"; exit 1; }
exit "$status"
