#!/usr/bin/env bash
# Reads every text out of the plugin into languages/runcloud-relay.pot, brings the translations up to it, and compiles them.
# Needs gettext. With --check it changes nothing and fails where something would change.
set -euo pipefail
cd "$(dirname "$0")/../runcloud-relay"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Without the date of today, so that the same texts make the same file.
find . -name '*.php' | LC_ALL=C sort | xgettext --files-from=- --output=- --language=PHP --from-code=UTF-8 --no-wrap \
  --keyword=__:1 --keyword=_n:1,2 --keyword=esc_html__:1 --keyword=esc_attr__:1 --add-comments=translators --add-location=file \
  --package-name='RunCloud Relay' \
  | sed -e '1s/.*/# Texts of the WordPress plugin RunCloud Relay./' -e '2,/^#, fuzzy$/d' -e 's/CHARSET/UTF-8/' \
    -e '/^"\(POT-Creation-Date\|PO-Revision-Date\|Last-Translator\|Language-Team\|Report-Msgid-Bugs-To\):/d' >"$work/runcloud-relay.pot"

for po in languages/*.po; do
  name=$(basename "$po" .po)
  msgmerge --quiet --no-wrap --no-fuzzy-matching --add-location=file "$po" "$work/runcloud-relay.pot" --output-file="$work/$name.po"
  msgfmt --check --output-file="$work/$name.mo" "$work/$name.po"
done

if [ "${1:-}" = --check ]; then
  for file in "$work"/*; do
    cmp "$file" "languages/$(basename "$file")" || { echo "Run: npm run plugin:translations" >&2; exit 1; }
  done
else
  cp "$work"/* languages/
fi
