#!/bin/sh
# Bring a browser and fonts for the scripts it draws; fail with what to do, never skip.
set -eu
have_fonts() { fc-list 2>/dev/null | grep -qi "Noto Sans CJK" && fc-list | grep -qi "NotoSansArabic\|Noto Sans Arabic" && fc-list | grep -qi "NotoSansThai\|Noto Sans Thai"; }
if { command -v chromium >/dev/null || [ -n "${CITYBENCH_TEST_BROWSER:-}" ]; } && have_fonts; then exit 0; fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "browser: installing Debian's chromium and Noto fonts"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fontconfig fonts-noto-core fonts-noto-cjk >/dev/null
  exit 0
fi
echo "The page tests need a Chromium browser and Noto fonts (CJK, Arabic, Thai)." >&2
echo "As root on Debian: apt-get install chromium fontconfig fonts-noto-core fonts-noto-cjk" >&2
echo "Elsewhere: install them and set CITYBENCH_TEST_BROWSER to the browser's path." >&2
exit 1
