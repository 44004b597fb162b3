#!/bin/sh
# Fuzzes a loader of model files with Jazzer, guided by coverage, for some seconds:
#   ./build -Pfuzz -pl scoring -am process-test-classes && sh scoring/src/test/fuzz.sh XgboostJson 120
# Targets are the classes of LoaderFuzz. What it finds belongs into src/test/resources/org/plimsoll/scoring/fuzz/TARGET.
set -e
here=$(cd "$(dirname "$0")/../.." && pwd)
target=${1:?name a target of LoaderFuzz} seconds=${2:-60}
seeds=$here/src/test/resources/org/plimsoll/scoring
work=$here/target/fuzz/$target
mkdir -p "$work/corpus" "$work/found"
case $target in
  XgboostJson) file=model.json ;;
  XgboostUbj) file=model.ubj ;;
  LightgbmText) file=model.txt ;;
  Onnx) file=model.onnx ;;
  Mlmodel) file=MLmodel ;;
  *) file=none ;;
esac
find "$seeds" -name "$file" -size -17k -o -path "*/fuzz/$target/*" -type f | while read -r seed; do
  cp "$seed" "$work/corpus/$(echo "$seed" | cksum | cut -d' ' -f1)"
done
if [ "$target" = Folder ]; then # folders as they stand in the repository, each packed
  for folder in "$seeds"/mlflow/*/; do
    "${JAVA_HOME:+$JAVA_HOME/bin/}jar" --create --no-manifest --no-compress --file "$work/corpus/$(basename "$folder").zip" -C "$folder" .
  done
fi
cd "$work/found"
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx1g -Xss2m -XX:+EnableDynamicAgentLoading --enable-native-access=ALL-UNNAMED \
  -cp "$(cat "$here/target/fuzz-classpath"):$here/target/test-classes:$here/target/classes" \
  com.code_intelligence.jazzer.Jazzer "--target_class=org.plimsoll.scoring.LoaderFuzz\$$target" \
  "--instrumentation_includes=org.plimsoll.scoring.**" "--custom_hook_includes=org.plimsoll.scoring.**" \
  -max_total_time="$seconds" -timeout=25 -rss_limit_mb=2048 -max_len=32768 "$work/corpus"
