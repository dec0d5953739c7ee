// Opens the real SillyTavern page in headless Chromium.
import { chromium } from 'playwright-core';
import { launch } from '../../lib/chromium.mjs';

export const openBrowser = () => launch(chromium, ['--disable-quic']);

/** Opens the page and waits until ST has loaded its settings and characters. */
export async function openPage(browser, st, log) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: 'UTC', locale: 'en-US' });
  const page = await context.newPage();
  // Anything that is not this machine is refused (ST asks for nothing else, this only makes sure).
  await page.route((u) => u.hostname !== '127.0.0.1', (r) => r.abort());
  // A new installation starts on AI Horde and would have ST's server ask that service for its state.
  await page.route('**/api/horde/**', (r) => r.abort());
  page.on('console', (m) => log(`[console.${m.type()}] ${m.text()}`));
  page.on('pageerror', (e) => log(`[pageerror] ${e.message}`));
  await page.goto(st.url, { waitUntil: 'domcontentloaded' });
  await page.waitForFunction(() => globalThis.SillyTavern && document.querySelector('#send_textarea') && !document.querySelector('#preloader'), null, { timeout: 60_000 });
  await page.waitForFunction(() => !document.querySelector('#loader, .action-loader, #load-spinner'), null, { timeout: 60_000 });
  return page;
}

/** The toasts now on screen: { kind, title, message }. */
export const toasts = (page) => page.evaluate(() => [...document.querySelectorAll('#toast-container .toast')].map((t) => ({
  kind: ['error', 'warning', 'success', 'info'].find((k) => t.classList.contains(`toast-${k}`)) ?? '',
  title: (t.querySelector('.toast-title')?.textContent ?? '').trim(),
  message: (t.querySelector('.toast-message')?.textContent ?? '').trim(),
})));

export const clearToasts = (page) => page.evaluate(() => document.querySelector('#toast-container')?.replaceChildren());

/** Waits until ST is idle: the send button is back and its own "a send is under way" flags are down. */
export async function waitIdle(page, timeout = 60_000) {
  // The modules are loaded first: waitForFunction polls plain predicates only, not async ones.
  await page.evaluate(async () => {
    globalThis.__stScript ??= await import('/script.js');
    globalThis.__stGroups ??= await import('/scripts/group-chats.js');
  });
  await page.waitForFunction(() => {
    const stop = document.querySelector('#mes_stop');
    return !globalThis.__stScript.is_send_press && !globalThis.__stGroups.is_group_generating
      && document.body.dataset.generating !== 'true' && (!stop || getComputedStyle(stop).display === 'none');
  }, null, { timeout });
}
