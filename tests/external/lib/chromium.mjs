// Chromium as the suites run it: no screen, no traffic of its own, ended by the suite and not by the terminal's signals.
const QUIET = [
  '--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--disable-dev-shm-usage',
];

/**
 * @param {import('playwright-core').BrowserType} chromium  of the suite's own Playwright
 * @param {string[]} [args]  further switches
 */
export function launch(chromium, args = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [...QUIET, ...args],
  });
}
