#!/usr/bin/env bash
# wordpress.sh CACHE SUITE: the WordPress of another suite of Debian, all of its files, as CACHE/SUITE. Debian 12's own is too old for
# Ultimate Multisite. Nothing is installed, and the machine's package sources stay as they are: apt works on a list of its own.
set -euo pipefail
cache=$1 suite=$2
work=$(mktemp -d "$cache/wordpress-XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p lists/partial cache/archives/partial root

# Where this machine gets its packages from.
sources=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sort -u)
main=$(grep -m1 '/debian/$' <<<"$sources")
security=$(grep -m1 '/debian-security/$' <<<"$sources" || true)
key='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
echo "deb $key $main $suite main" >sources.list
if [ "$suite" != sid ] && [ -n "$security" ]; then echo "deb $key $security $suite-security main" >>sources.list; fi

apt=(apt-get -qq
  -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$work/lists"
  -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none
  -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false)
"${apt[@]}" update
# Debian keeps some of WordPress's libraries in packages of their own.
"${apt[@]}" download wordpress wordpress-theme-twentytwentyfive php-getid3 libphp-phpmailer \
  libjs-underscore libjs-lodash libjs-cropper libjs-jquery-ui
for package in *.deb; do dpkg -x "$package" root; done

# Links from one package into another, turned to where both lie now, then followed.
find root -type l | while read -r link; do
  target=$(readlink "$link")
  [ "${target#/}" = "$target" ] || ln -sfn "$work/root$target" "$link"
done
mkdir -p root/etc/ssl/certs
cp /etc/ssl/certs/ca-certificates.crt root/etc/ssl/certs/ 2>/dev/null || : >root/etc/ssl/certs/ca-certificates.crt
# Language files that are not there leave links that lead nowhere.
cp -rL root/usr/share/wordpress core 2>unfollowed || [ -f core/wp-load.php ]
rm -rf core/wp-content
mkdir -p core/wp-content
cp -rL root/var/lib/wordpress/wp-content/themes core/wp-content/themes 2>>unfollowed || true
echo "<?php require getenv( 'WORDPRESS_CONFIG' );" >core/wp-config.php
mv core "$cache/$suite"
