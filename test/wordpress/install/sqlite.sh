#!/usr/bin/env bash
# sqlite.sh CACHE: WordPress's own SQLite integration, which an npm package of the WordPress Playground carries as a zip file.
set -euo pipefail
cache=$1
work=$(mktemp -d "$cache/sqlite-XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent @wp-playground/cli@3.1.56 >/dev/null
tar xzf wp-playground-cli-*.tgz package/sqlite-database-integration.zip
unzip -q package/sqlite-database-integration.zip -d plugin
loader=$(find plugin -name load.php -path '*load.php' | awk -F/ '{ print NF, $0 }' | sort -n | head -1 | cut -d' ' -f2)
mv "$(dirname "$loader")" "$cache/sqlite-database-integration"
