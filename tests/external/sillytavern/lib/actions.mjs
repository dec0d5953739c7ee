// What a person does in the chat window, done with real clicks.
import { waitIdle } from './ui.mjs';

const PACE_MS = 250;
const CLICK_AGAIN_MS = 5000;   // long enough that a busy machine is not clicked twice

/** Installs counters on ST's own event bus; GENERATION_ENDED fires whenever the stop button goes away, however it ended. */
export const hook = (page) => page.evaluate(() => {
  if (!globalThis.__drv) {
    const c = SillyTavern.getContext();
    globalThis.__drv = { started: 0, ended: 0, tokens: 0 };
    c.eventSource.on(c.eventTypes.GENERATION_STARTED, (type, opts, dry) => { if (!dry) globalThis.__drv.started++; });
    c.eventSource.on(c.eventTypes.GENERATION_ENDED, () => { globalThis.__drv.ended++; });
    c.eventSource.on(c.eventTypes.STREAM_TOKEN_RECEIVED, () => { globalThis.__drv.tokens++; });
  }
  return { ...globalThis.__drv };
});

/** Does `action` until a generation begins, and tells what the counters said before it. */
async function begin(page, action, timeout) {
  await waitIdle(page, timeout);
  const before = await hook(page);
  // ST drops a click that comes while it still tidies up after the last answer; a person is slower, and would click again.
  await page.waitForTimeout(PACE_MS);
  const started = () => page.waitForFunction((b) => globalThis.__drv.started > b.started, before, { timeout: CLICK_AGAIN_MS }).then(() => true, () => false);
  await action();
  for (let i = 0; !(await started()); i++) {
    if (i === 2) throw new Error('SillyTavern did not begin to generate');
    await action();
  }
  return before;
}

/** Does `action` and waits until the generation it begins has ended (answer, error or stop); tells how many pieces were streamed. */
export async function generation(page, action, { timeout = 120000 } = {}) {
  const before = await begin(page, action, timeout);
  await page.waitForFunction((b) => globalThis.__drv.ended > b.ended, before, { timeout });
  await waitIdle(page, timeout);
  return { tokens: (await hook(page)).tokens - before.tokens };
}

/** Sends and returns as soon as the generation has begun. */
export async function beginToSend(page, text, { timeout = 120000 } = {}) {
  await page.fill('#send_textarea', text);
  await begin(page, () => page.click('#send_but'), timeout);
}

export async function send(page, text, o) {
  await page.fill('#send_textarea', text);
  return generation(page, () => page.click('#send_but'), o);
}

export async function menu(page, option, o) {
  return generation(page, async () => {
    await page.click('#options_button');
    await page.waitForSelector(option, { state: 'visible' });
    await page.click(option);
  }, o);
}
export const regenerate = (page, o) => menu(page, '#option_regenerate', o);
export const continueLast = (page, o) => menu(page, '#option_continue', o);
export const impersonate = (page, o) => menu(page, '#option_impersonate', o);

export async function swipeRight(page, o) {
  await page.waitForSelector('#chat .last_mes .swipe_right', { state: 'visible' });
  const r = await generation(page, () => page.evaluate(() => {
    const e = document.querySelector('#chat .last_mes .swipe_right');
    if (e && getComputedStyle(e).display !== 'none') e.click();
  }), o);
  await page.waitForFunction(() => SillyTavern.getContext().swipe.isAllowed?.() !== false, null, { timeout: 10000 }).catch(() => {});
  return r;
}

/** Edits the message with index mesid through the pencil button. */
export async function editMessage(page, mesid, fn) {
  const row = `#chat .mes[mesid="${mesid}"]`;
  await page.locator(`${row} .extraMesButtonsHint`).first().click({ timeout: 3000 }).catch(() => {});
  await page.locator(`${row} .mes_edit`).first().click();
  const area = page.locator('#curEditTextarea');
  await area.waitFor();
  await area.fill(fn(await area.inputValue()));
  await page.locator(`${row} .mes_edit_done`).first().click();
  await page.waitForFunction(() => !document.querySelector('#curEditTextarea'));
}

export async function deleteLast(page, n = 1) {
  for (let i = 0; i < n; i++) await page.evaluate(() => SillyTavern.getContext().deleteLastMessage());
}

export const chatLength = (page) => page.evaluate(() => SillyTavern.getContext().chat.length);
export const lastMessage = (page) => page.evaluate(() => {
  const m = SillyTavern.getContext().chat.at(-1);
  return m && { fromUser: m.is_user, text: m.mes, swipes: m.swipes?.length ?? 0, reasoning: m.extra?.reasoning };
});

/** Turns ST's streaming on or off. */
export const setStreaming = (page, on) => page.evaluate((v) => { $('#stream_toggle').prop('checked', v).trigger('change').trigger('input'); }, on);
