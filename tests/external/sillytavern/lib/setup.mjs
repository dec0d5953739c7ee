// What a new user does once: name, API, proxy, first message. Written as steps of a book.
import { strict as assert } from 'node:assert';
import { clearToasts, toasts } from './ui.mjs';

const API_DRAWER = '#sys-settings-button .drawer-toggle';

export const NAME = 'Riley';
export const PASSWORD = 'local-secret';

export async function nameThePersona(page) {
  await page.waitForSelector('dialog[open] .popup-input');
  await page.fill('dialog[open] .popup-input', NAME);
  await page.click('dialog[open] .popup-button-ok');
  await page.waitForFunction(() => !document.querySelector('dialog[open]'));
}

export async function chooseClaude(page) {
  await page.click(API_DRAWER);
  await page.selectOption('#main_api', 'openai');
  await page.selectOption('#chat_completion_source', 'claude');
  await page.waitForSelector('#model_claude_select', { state: 'visible' });
}

/** Fills the proxy form in; `saved` gets the chance to look at it before it is saved. */
export async function saveProxy(page, url, filledIn = async () => {}) {
  await page.click('.inline-drawer:has(#openai_reverse_proxy) .inline-drawer-toggle');
  await page.waitForSelector('#openai_reverse_proxy', { state: 'visible' });
  await page.fill('#openai_reverse_proxy_name', 'Tuppence');
  await page.fill('#openai_proxy_access_key', PASSWORD);
  await filledIn();
  await page.fill('#openai_reverse_proxy', url);
  await page.click('#save_proxy');
}

/** Presses Connect. For Claude ST sends nothing then and says so. */
export async function connect(page) {
  await page.click('#api_button_openai');
  await page.waitForFunction(() => /Test Message/.test(document.querySelector('#rm_api_block .online_status_text, #openai_api .online_status_text')?.textContent ?? ''));
}

/** Presses Test Message; the first one for a URL asks to confirm the proxy. */
export async function testMessage(page) {
  await clearToasts(page);
  await page.click('#test_api_button');
  await page.waitForSelector('dialog[open] .popup-button-ok');
  await page.click('dialog[open] .popup-button-ok');
  await page.waitForFunction(() => document.querySelector('#toast-container .toast-success, #toast-container .toast-error'), null, { timeout: 20_000 });
  const shown = await toasts(page);
  assert.ok(shown.some((t) => t.kind === 'success' && /API connection successful/.test(t.message)), JSON.stringify(shown));
}

export async function openCharacter(page) {
  await page.click(API_DRAWER);
  await page.click('#rightNavDrawerIcon');
  await page.waitForSelector('.character_select', { state: 'visible' });
  await page.click('.character_select');
  await page.waitForFunction(() => SillyTavern.getContext().chat.length > 0);
  await page.click('#rightNavDrawerIcon');
}
