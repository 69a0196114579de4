#!/bin/sh
# Bring a browser, fonts for the scripts it draws, and an office suite; fail with what to do, never skip.
set -eu
have_fonts() { fc-list 2>/dev/null | grep -qi "Noto Sans CJK" && fc-list | grep -qi "Noto Sans Arabic" && fc-list | grep -qi "Noto Sans Thai"; }
have_browser() { command -v chromium >/dev/null || [ -n "${CITYBENCH_TEST_BROWSER:-}" ]; }
have_office() { command -v soffice >/dev/null || command -v libreoffice >/dev/null; }
if have_browser && have_fonts && have_office; then exit 0; fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "tools: installing Debian's chromium, LibreOffice Calc and Noto fonts (some minutes the first time)"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    chromium fontconfig fonts-noto-core fonts-noto-cjk libreoffice-calc-nogui >/dev/null
  if have_browser && have_fonts && have_office; then exit 0; fi
fi
echo "The page tests need Chromium, Noto fonts (CJK, Arabic, Thai) and LibreOffice Calc." >&2
echo "As root on Debian: apt-get install chromium fontconfig fonts-noto-core fonts-noto-cjk libreoffice-calc-nogui" >&2
echo "Elsewhere: install them; CITYBENCH_TEST_BROWSER may hold the browser's path." >&2
exit 1
