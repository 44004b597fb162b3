# Sourced by `build` and `plimsoll`: sets JAVA_HOME to a JDK of version 25 or newer, or says how to get one.
is_jdk25() {
  [ -n "$1" ] && [ -x "$1/bin/javac" ] &&
    [ "$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)" -ge 25 ] 2>/dev/null
}
if ! is_jdk25 "$JAVA_HOME"; then
  JAVA_HOME=
  on_path=$(command -v javac 2>/dev/null) && on_path=$(readlink -f "$on_path" 2>/dev/null) && on_path=${on_path%/bin/javac}
  for jdk in "$PLIMSOLL_JDK" "$on_path" /usr/lib/jvm/*25* /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
      "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /opt/java/* /opt/jdk*; do
    if is_jdk25 "$jdk"; then JAVA_HOME=$jdk; break; fi
  done
fi
if ! is_jdk25 "$JAVA_HOME"; then
  echo "Plimsoll needs a JDK 25 or newer, and none was found." >&2
  echo "Install one (for example Eclipse Temurin 25, or with SDKMAN: sdk install java 25-tem)" >&2
  echo "and set JAVA_HOME to its folder, then run this command again." >&2
  exit 1
fi
export JAVA_HOME
