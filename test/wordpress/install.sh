#!/usr/bin/env bash
# Brings what the tests over a real WordPress need and npm's own install does not: PHP and its tools, a browser, a database, WordPress.
# For Debian 12 and its like. Does nothing that is done already, and says nothing unless it fails.
set -euo pipefail
cd "$(dirname "$0")"
cache=$PWD/.cache
suite=${WORDPRESS_SUITE:-trixie}
mkdir -p "$cache/opcache"

# Fails with all that a command said; on success it is not needed.
quietly() {
  local log
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || { cat "$log" >&2; rm -f "$log"; exit 1; }
  rm -f "$log"
}

packages=(php-cli php-sqlite3 php-mysql php-curl php-mbstring php-xml phpunit gettext chromium curl openssl fonts-dejavu-core mariadb-server faketime
  python3-venv unzip)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  quietly apt-get -o DPkg::Lock::Timeout=300 update
  # A database that starts by itself would listen where others may want to.
  quietly env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${missing[@]}"
fi

if ! cmp -s package-lock.json node_modules/.installed-from; then
  quietly npm ci --no-audit --no-fund
  cp package-lock.json node_modules/.installed-from
fi

if ! cmp -s requirements.txt "$cache/venv/installed-from"; then
  quietly python3 -m venv --clear "$cache/venv"
  quietly "$cache/venv/bin/pip" install --quiet -r requirements.txt
  cp requirements.txt "$cache/venv/installed-from"
fi

[ -f "$cache/$suite/wp-load.php" ] || quietly bash install/wordpress.sh "$cache" "$suite"
[ -f "$cache/sqlite-database-integration/load.php" ] || quietly bash install/sqlite.sh "$cache"
