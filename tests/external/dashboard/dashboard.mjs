// The dashboard of a running gateway, page by page, in real Chromium; the emulator and an upstream that can be held stand behind.
//   node dashboard.mjs --gateway PATH [--dir DIR] [--screenshots DIR]
import { strict as assert } from 'node:assert';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { allow, option } from '../lib/args.mjs';
import { Book } from '../lib/book.mjs';
import { launch } from '../lib/chromium.mjs';
import { leakIn, onInterrupt, startEmulator, startGateway } from '../lib/gateway.mjs';
import { until } from '../lib/until.mjs';
import { SWITCHES, attack, contentOf } from './hostile.mjs';
import { LORE_TURNS, bodyOf, chat, send } from './lib/chat.mjs';
import { Pictures, open, overflow, settled, violations } from './lib/look.mjs';
import { startSlowUpstream } from './lib/slow.mjs';

allow('gateway', 'dir', 'screenshots');
const TURNS = 40;
const PATIENCE_MS = 30_000;
const SECRET = 'sk-ant-api03-a-secret-of-this-test-0123456789';
const KEY = 'the-gateway-key-of-this-test';
const COMMENT = '// Written by hand: this line must stay.';
const PAGES = ['#/', '#/conversations', '#/requests', '#/connect', '#/settings/levels', '#/settings/budgets', '#/settings/presets', '#/settings/presets/storyteller', '#/settings/all', '#/playground'];

const binary = option('gateway', null);
if (!binary) {
  console.error('--gateway PATH is needed');
  process.exit(2);
}
const dir = path.resolve(option('dir', path.join(os.tmpdir(), 'tuppence-dashboard')));
fs.rmSync(dir, { recursive: true, force: true });
fs.mkdirSync(path.join(dir, 'gateway', 'presets'), { recursive: true });
fs.writeFileSync(path.join(dir, 'gateway', 'presets', 'slow.json'), '{ "description": "Goes to the upstream that waits.", "upstream": "slow" }\n');

const book = new Book('dashboard');
const pictures = new Pictures(option('screenshots', null));
const ending = [];
const end = async () => { for (const stop of ending.splice(0).reverse()) await stop().catch((e) => console.error(e)); };
const keep = (thing, stop) => { ending.push(stop ?? (() => thing.stop())); return thing; };
onInterrupt(end);

const emulator = keep(await startEmulator({ binary, dir: path.join(dir, 'emulator') }));
const slow = keep(await startSlowUpstream());
const gateway = keep(await startGateway({
  binary,
  dir: path.join(dir, 'gateway'),
  config: {
    upstream: 'made',
    upstreams: { made: { url: emulator.url, api_key: 'the-key-of-the-emulator' }, slow: { url: slow.url } },
    cache: { level: 'markers', remembered_turns: 1000 },
    retry: { max_retries: 0 },
  },
}));
const configFile = path.join(dir, 'gateway', 'tuppence.json');
fs.writeFileSync(configFile, fs.readFileSync(configFile, 'utf8').replace('{', `{\n  ${COMMENT}`));

const browser = keep(await launch(chromium, SWITCHES), () => browser.close());
const troubles = [];
const hosts = new Set();
async function newPage(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('console', (m) => { if (m.type() === 'error' && !/status of 4\d\d/.test(m.text())) troubles.push(m.text()); });
  page.on('pageerror', (e) => troubles.push(e.message));
  page.on('request', (r) => hosts.add(new URL(r.url()).host));
  return page;
}
const page = await newPage({ permissions: ['clipboard-read', 'clipboard-write'], acceptDownloads: true, colorScheme: 'light' });

const step = (id, run) => book.case(id, async () => {
  try {
    return await run() ?? '';
  } catch (e) {
    await page.screenshot({ path: path.join(dir, `failed-${id.replace(/\W+/g, '-').slice(0, 60)}.png`) }).catch(() => {});
    throw e;
  }
});
const api = async (to) => (await fetch(`${gateway.url}/tuppence/api/${to}`)).json();
const go = (hash) => open(page, gateway.url, hash);
const text = (selector) => page.locator(selector).first().textContent();
/** A sum as the page shows it to the last digit, in nano-dollars. */
const nano = (title) => Math.round(Number(title.replace(/[$,]/g, '').replace('.', '')));

async function firstVisit() {
  await step('first visit: the page opens with all figures at nothing and says what to do', async () => {
    const began = performance.now();
    await page.goto(`${gateway.url}/`);
    await settled(page);
    console.log(`... first visit: ${Math.round(performance.now() - began)} ms until all is on the page`);
    assert.equal(await page.title(), 'Overview · Tuppence');
    assert.match(await text('.live-card'), /Waiting for the first request/);
    assert.equal(await page.locator('.sum-cost').count(), 3);
    assert.match(await text('.sums'), /no request yet/);
  });
  await step('first visit: empty pages say what comes there', async () => {
    for (const [hash, words] of [['#/conversations', /No conversation yet/], ['#/requests', /No request yet/], ['#/playground', /Ask something/], ['#/settings/budgets', /No budget is set/]]) {
      await go(hash);
      assert.match(await text('.empty'), words);
    }
  });
  await step('first visit: the address for SillyTavern is copied by its button', async () => {
    await go('#/');
    await page.getByRole('button', { name: 'Copy Proxy Server URL' }).click();
    await page.getByRole('button', { name: 'Copied' }).or(page.getByText('Copied')).first().waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${gateway.url}/v1`);
  });
}

async function live() {
  await step('live: a request appears, streams and ends without a reload', async () => {
    await go('#/');
    const coming = slow.next();
    const sent = send(gateway.url, { ...bodyOf(1, [{ role: 'user', content: [{ type: 'text', text: 'Something else altogether.' }] }]), model: 'claude-haiku-4-5' }, { 'x-tuppence-upstream': 'slow', 'x-api-key': SECRET });
    const stream = await coming;
    const line = page.locator('.live-line.open');
    await line.waitFor();
    assert.match(await line.textContent(), /haiku-4-5/);
    await line.getByText('waiting').waitFor();
    stream.begin();
    await line.getByText('answering').waitFor();
    stream.end();
    await line.waitFor({ state: 'detached' });
    assert.match(await text('.live-list .live-line'), /haiku-4-5.*200/);
    assert.equal((await sent).text, 'The answer has come to its end.');
  });
  await step('live: the sums follow', async () => {
    await page.waitForFunction(() => /1 request/.test(document.querySelector('.sum-card').textContent));
    const title = await page.locator('.sum-cost .money').first().getAttribute('title');
    // haiku-4-5: 1,200 tokens of input at 1,000 and 40 of output at 5,000 nano-dollars.
    assert.equal(nano(title), 1_200 * 1_000 + 40 * 5_000);
  });
  await step('live: the list of requests shows one under way as well', async () => {
    await go('#/requests');
    const coming = slow.next();
    const sent = send(gateway.url, { model: 'claude-haiku-4-5', max_tokens: 50, stream: true, messages: [{ role: 'user', content: 'Another.' }] }, { 'x-tuppence-upstream': 'slow' });
    const stream = await coming;
    stream.begin();
    await page.locator('.live-line.open').getByText('answering').waitFor();
    const before = await page.locator('table.requests tbody tr').count();
    stream.end();
    await sent;
    await page.waitForFunction((n) => document.querySelectorAll('table.requests tbody tr').length === n + 1, before);
  });
}

let conversation = null;
async function conversations() {
  await step(`conversation: ${TURNS} turns as SillyTavern sends them`, () => chat(gateway.url, TURNS));
  await step('conversation: it is listed, with turns, cost and share read', async () => {
    const list = await until('the conversation', async () => {
      const { conversations: all } = await api('conversations');
      return all.find((one) => one.sum.requests >= TURNS) ? all : null;
    });
    conversation = list.find((one) => one.sum.requests === TURNS).id;
    await go('#/conversations');
    const row = page.locator('tbody tr', { has: page.locator(`a[href="#/conversations/${conversation}"]`) });
    assert.match(await row.textContent(), new RegExp(`${TURNS}`));
    await pictures.take(page, 'dashboard-conversations', 420);
  });
  await step('strip: a line for each turn, and what broke the prompt stands where it broke', async () => {
    await go(`#/conversations/${conversation}`);
    const lines = page.locator('.line');
    await lines.first().waitFor();
    assert.equal(await lines.count(), TURNS);
    // Lore that comes or goes breaks the turn it comes in and the one it has left, where that was not the same as before.
    const changed = [...new Set(LORE_TURNS.flatMap((turn) => [turn, turn + 1]).filter((turn) => LORE_TURNS.includes(turn) !== LORE_TURNS.includes(turn - 1)))];
    const broken = await lines.evaluateAll((all) => all.filter((one) => one.querySelector('.run.missed')).map((one) => Number(/\d+/.exec(one.querySelector('.line-number').textContent)[0])));
    assert.deepEqual(broken.filter((turn) => changed.includes(turn)).slice(0, 1), [LORE_TURNS[0]], `broken are ${broken}, the lore changed in ${changed}`);
    assert.match(await lines.nth(LORE_TURNS[0] - 1).textContent(), /^Turn 12: .*[\d,]+ missed.*\$.*Broken by lore: .+/);
    assert.ok((await lines.allTextContents()).some((line) => /[\d,]+ read, then [\d,]+ missed/.test(line)), 'no turn reads up to where it broke');
    await pictures.take(page, 'dashboard-conversation', 1180);
  });
  await step('strip: what it shows is what was billed, to the token and the nano-dollar', async () => {
    const { turns } = await api(`conversations/${conversation}`);
    assert.equal(turns.length, TURNS);
    for (const row of turns) {
      const { usage, turn } = row;
      assert.equal(turn.strip.reduce((sum, run) => sum + run.tokens, 0), usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h, `turn ${turn.number}`);
      assert.equal(turn.strip.filter((run) => run.kind === 'read').reduce((sum, run) => sum + run.tokens, 0), usage.cacheRead, `turn ${turn.number}`);
    }
    const { bill } = await (await fetch(`${emulator.url}/emulator/bill`)).json();
    assert.equal(turns.reduce((sum, { cost }) => sum + cost.input + cost.cacheRead + cost.cacheWrite, 0), bill.reduce((sum, line) => sum + line.input_nano_dollars, 0));
    const shown = await page.locator('.facts .money').first().getAttribute('title');
    assert.equal(nano(shown), turns.reduce((sum, { cost }) => sum + cost.total, 0));
  });
  await step('strip: the keyboard goes from turn to turn and to the request', async () => {
    await page.locator('.strip').focus();
    await page.keyboard.press('Home');
    await page.getByRole('heading', { name: /^Turn 1 / }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('heading', { name: /^Turn 2 / }).waitFor();
    await page.keyboard.press('End');
    await page.getByRole('heading', { name: new RegExp(`^Turn ${TURNS} `) }).waitFor();
    assert.equal(await page.locator('.line[aria-selected="true"]').count(), 1);
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/requests\//);
    await page.goBack();
    await settled(page);
  });
  await step('strip: the same as a table of numbers', async () => {
    await page.getByRole('button', { name: 'Show as a table' }).click();
    assert.equal(await page.locator('[aria-label="Turns as a table"] tbody tr').count(), TURNS);
    await page.getByRole('button', { name: 'Show the picture' }).click();
  });
  await step('level: another one is tried here, holds for the next request, and is taken back', async () => {
    await page.getByRole('radio', { name: /^respect/ }).check();
    await page.getByText('From the next request on').waitFor();
    const level = async () => (await api(`conversations/${conversation}`)).level;
    assert.equal(await level(), 'respect');
    await page.reload();
    await settled(page);
    assert.equal(await page.getByRole('radio', { name: /^respect/ }).isChecked(), true);
    await page.getByRole('radio', { name: /^as configured/ }).check();
    await page.getByText('From the next request on').waitFor({ state: 'detached' });
    assert.equal(await level(), null);
  });
}

async function requests() {
  await step('requests: all of them, newest first, and older ones on demand', async () => {
    await go('#/requests');
    const rows = page.locator('table.requests tbody tr');
    assert.ok(await rows.count() >= TURNS, `${await rows.count()} rows`);
    await pictures.take(page, 'dashboard-requests');
  });
  await step('requests: searched, filtered, and found empty', async () => {
    await page.getByRole('searchbox', { name: 'Search requests' }).fill('haiku');
    await page.waitForFunction(() => { const rows = [...document.querySelectorAll('table.requests tbody tr')]; return rows.length === 2 && rows.every((row) => row.textContent.includes('haiku')); });
    await page.getByRole('searchbox', { name: 'Search requests' }).fill('nothing-has-this');
    await page.getByText('No request fits.').waitFor();
    await page.getByRole('button', { name: 'Take all filters away' }).click();
    await page.locator('table.requests tbody tr').nth(10).waitFor();
    await send(gateway.url, { model: 'claude-haiku-4-5', max_tokens: 0, messages: [] });
    await page.getByRole('checkbox', { name: 'failed only' }).check();
    await page.waitForFunction(() => { const rows = [...document.querySelectorAll('table.requests tbody tr')]; return rows.length === 1 && rows[0].textContent.includes('400'); });
  });
  await step('request: usage, cost, timing, edits and headers, with the secret masked', async () => {
    const { rows } = await api('requests?q=haiku&limit=10');
    const first = rows.filter((row) => row.status === 200).at(-1);
    await go(`#/requests/${first.id}`);
    const all = await page.locator('main').innerText();
    assert.match(all, /1,200/);
    assert.match(all, /\$0\.0014/);
    assert.match(all, /until the first byte/);
    assert.match(all.toLowerCase(), /x-api-key/);
    assert.ok(!(await page.content()).includes(SECRET), 'the secret is on the page');
    const planned = (await api(`conversations/${conversation}`)).turns[LORE_TURNS[0] - 1];
    await go(`#/requests/${planned.id}`);
    assert.match(await page.locator('main').innerText(), /Prompt cache/);
    assert.ok(await page.locator('.bar .run.missed').count() > 0);
    await pictures.take(page, 'dashboard-request', 1000);
  });
  await step('requests: the ledger is downloaded as CSV, JSON lines and Parquet', async () => {
    await go('#/requests');
    const ids = [];
    for (let next = ''; next !== null;) {
      const part = await api(`requests?limit=100${next ? `&before=${next}` : ''}`);
      ids.push(...part.rows.map((row) => row.id));
      next = part.next;
    }
    for (const [name, check] of [
      ['CSV', (file) => assert.equal(file.toString().trimEnd().split('\n').length, ids.length + 1)],
      ['JSON lines', (file) => assert.deepEqual(file.toString().trimEnd().split('\n').map((line) => JSON.parse(line).id).sort(), [...ids].sort())],
      ['Parquet', (file) => assert.deepEqual([file.subarray(0, 4).toString(), file.subarray(-4).toString()], ['PAR1', 'PAR1'])],
    ]) {
      const coming = page.waitForEvent('download');
      await page.locator('.exports').getByRole('link', { name, exact: true }).click();
      check(fs.readFileSync(await (await coming).path()));
    }
  });
}

async function settings() {
  const field = (name) => page.locator(`[id="setting-${name}"]`);
  const save = async () => {
    await page.getByRole('button', { name: 'Save', exact: true }).click();
  };
  await step('settings: wrong input is refused beside its field, and the file stays', async () => {
    const before = fs.readFileSync(configFile, 'utf8');
    await go('#/settings/all');
    await field('retry.max_retries').fill('many');
    await save();
    const wrong = page.locator('[id="setting-retry.max_retries-error"]');
    await wrong.waitFor();
    assert.match(await wrong.textContent(), /\w+/);
    assert.equal(await field('retry.max_retries').getAttribute('aria-invalid'), 'true');
    assert.equal(fs.readFileSync(configFile, 'utf8'), before);
    await page.getByRole('button', { name: 'Discard' }).click();
  });
  await step('settings: a change is written, comments and order kept, and taken back', async () => {
    const before = fs.readFileSync(configFile, 'utf8');
    await go('#/settings/levels');
    await field('cache.level').selectOption('relocate');
    await save();
    await page.getByText(/^Saved: cache\.level/).waitFor();
    const after = fs.readFileSync(configFile, 'utf8');
    assert.ok(after.includes(COMMENT), 'the comment is gone');
    assert.equal(after, before.replace('"markers"', '"relocate"'));
    await pictures.take(page, 'dashboard-settings');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The latest change is taken back.').waitFor();
    assert.equal(fs.readFileSync(configFile, 'utf8'), before);
  });
  await step('settings: a file that somebody else changed meanwhile is not overwritten', async () => {
    await go('#/settings/levels');
    const before = fs.readFileSync(configFile, 'utf8');
    await field('cache.single_flight').selectOption('true');
    fs.writeFileSync(configFile, `${before}\n// and another hand\n`);
    try {
      await save();
      await page.locator('.notice.bad').first().waitFor();
      assert.match(fs.readFileSync(configFile, 'utf8'), /another hand/);
    } finally {
      fs.writeFileSync(configFile, before);
    }
  });
  await step('budget: a limit is set on the page; what is over it gets a 429 that says when it resets', async () => {
    await go('#/settings/budgets');
    await field('budgets.hard_dollars_per_day').fill('0.01');
    await save();
    await page.getByText(/^Saved: budgets\.hard_dollars_per_day/).waitFor();
    const refused = await until('the refusal', async () => {
      const answer = await send(gateway.url, bodyOf(1, [{ role: 'user', content: [{ type: 'text', text: 'Over the limit?' }] }]));
      return answer.status === 429 ? answer : null;
    });
    const { error } = JSON.parse(refused.raw);
    assert.equal(error.type, 'rate_limit_error');
    assert.match(error.message, /reset|\d{2}:\d{2}|\d{4}-\d{2}-\d{2}/);
    await go('#/');
    await page.locator('.budget').getByText(/used up/).waitFor();
    await pictures.take(page, 'dashboard-overview', 1060);
    await go('#/settings/budgets');
    await field('budgets.hard_dollars_per_day').fill('');
    await save();
    await page.getByText(/^Saved: budgets\.hard_dollars_per_day/).waitFor();
    await until('an answer again', async () => (await send(gateway.url, { model: 'claude-haiku-4-5', max_tokens: 20, messages: [{ role: 'user', content: 'Again?' }] })).status === 200);
  });
}

async function presets() {
  await step('preset: what is no preset is refused, with the reason', async () => {
    await go('#/settings/presets/mine');
    await page.locator('#preset-text').fill('{ "system": ');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText(/This is not JSON/).waitFor();
    await page.locator('#preset-text').fill('{ "sistem": "x" }');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('#preset-errors').waitFor();
    assert.match(await text('#preset-errors'), /sistem/);
    assert.equal(fs.existsSync(path.join(dir, 'gateway', 'presets', 'mine.json')), false);
  });
  await step('preset: tried, saved, used by the next request, edited, and brought back from its history', async () => {
    const file = path.join(dir, 'gateway', 'presets', 'mine.json');
    const first = '{\n  "system": "Speak of lighthouses."\n}\n';
    await page.locator('#preset-text').fill(first);
    await page.getByRole('button', { name: 'Show what it would do' }).click();
    await page.locator('.diff-line.added').getByText(/lighthouses/).first().waitFor();
    await pictures.take(page, 'dashboard-preset', 900);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText(/^Saved\./).waitFor();
    assert.equal(fs.readFileSync(file, 'utf8'), first);
    const shaped = await until('the preset', async () => {
      const answer = await fetch(`${gateway.url}/v1/mine/messages?dry-run=true`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-api-key': 'x' }, body: JSON.stringify({ model: 'claude-haiku-4-5', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] }) });
      return answer.status === 200 ? answer.text() : null;
    });
    assert.match(shaped, /lighthouses/);
    await page.locator('#preset-text').fill(first.replace('lighthouses', 'windmills'));
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await until('the second version', () => fs.readFileSync(file, 'utf8').includes('windmills'));
    await page.getByRole('button', { name: 'Load into the editor' }).first().click();
    await page.waitForFunction(() => document.getElementById('preset-text').value.includes('lighthouses'));
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await until('the first version', () => fs.readFileSync(file, 'utf8').includes('lighthouses'));
  });
}

async function connect() {
  await step('connect: a test call names its cost first and sends nothing until told', async () => {
    await go('#/connect');
    const card = page.getByRole('region', { name: 'slow', exact: true });
    await card.getByRole('button', { name: 'Test …' }).click();
    await card.getByText(/at most/).waitFor();
    assert.equal(slow.unseen, 0);
    const made = page.getByRole('region', { name: 'made', exact: true });
    await made.getByRole('button', { name: 'Test …' }).click();
    await made.getByRole('button', { name: 'Make the call' }).click();
    await made.locator('.notice.good').waitFor();
    assert.equal(slow.unseen, 0);
    await pictures.take(page, 'dashboard-connect', 560);
  });
}

async function playground() {
  await step('playground: a message streams in, and its usage and cost stand under it', async () => {
    await go('#/playground');
    await page.getByRole('textbox', { name: 'Message' }).fill('Good morning.');
    await page.keyboard.press('Enter');
    await page.locator('.said.assistant .said-cost').getByText(/ in.* out/).waitFor();
    await page.locator('.said.assistant .said-cost .money').waitFor();
    const id = (await page.locator('.said.assistant .said-cost a').getAttribute('href')).split('/').at(-1);
    const { row } = await until('the row', async () => { const detail = await api(`requests/${id}`); return detail.row ? detail : null; });
    assert.equal(nano(await page.locator('.said.assistant .said-cost .money').getAttribute('title')), row.cost.total);
    await pictures.take(page, 'dashboard-playground', 700);
  });
  await step('playground: Stop ends it at the upstream too, and the words so far stay', async () => {
    await page.getByLabel('Preset').selectOption('slow');
    const coming = slow.next();
    await page.getByRole('textbox', { name: 'Message' }).fill('A long story, please.');
    await page.getByRole('button', { name: 'Send' }).click();
    const stream = await coming;
    stream.begin();
    await page.getByText('The answer has').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await until('the end of the upstream request', () => stream.closed);
    await page.locator('.said').last().getByText('stopped').waitFor();
    assert.match(await page.locator('.said').last().textContent(), /The answer has/);
  });
  await step('playground: an error is shown and the message can be sent again', async () => {
    await page.getByRole('button', { name: 'New chat' }).click();
    await page.getByLabel('Preset').selectOption('');
    await page.getByLabel('Longest answer, in tokens').fill('99999999');
    await page.getByRole('textbox', { name: 'Message' }).fill('Too long.');
    await page.keyboard.press('Enter');
    await page.locator('.play-chat .notice.bad').waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Message' }).inputValue(), 'Too long.');
  });
}

async function accessibility() {
  const latest = (await api('requests?limit=1')).rows?.[0]?.id;
  const hashes = [...PAGES, `#/conversations/${conversation}`, `#/requests/${latest}`];
  for (const [name, options] of [['light', { colorScheme: 'light' }], ['dark', { colorScheme: 'dark' }], ['phone', { colorScheme: 'light', viewport: { width: 360, height: 740 }, hasTouch: true }]]) {
    const other = await newPage(options);
    for (const hash of hashes) {
      await book.case(`axe, ${name}: ${hash.replace(/(conversations|requests)\/.*/, '$1/…')}`, async () => {
        await open(other, gateway.url, hash);
        const wide = await overflow(other);
        return (await violations(other)) || (wide > 0 ? `the page is ${wide} pixels wider than the window` : '');
      });
      if (name === 'phone' && hash.includes('conversations/')) await pictures.take(other, 'dashboard-phone', 1500);
      if (name === 'dark' && hash.includes('conversations/')) await pictures.take(other, 'dashboard-dark', 1180);
    }
    await other.context().close();
  }
}

/** With keys, the page shows nothing before one was entered. */
async function signIn() {
  const folder = path.join(dir, 'locked');
  const locked = await startGateway({ binary, dir: folder, config: { upstream: emulator.url, gateway_keys: [KEY] } });
  keep(locked);
  const other = await newPage({ colorScheme: 'light' });
  const status = (to) => other.evaluate(async (at) => (await fetch(`/tuppence/api/${at}`)).status, to);
  await book.case('sign-in: without a key the page shows its form and the API nothing', async () => {
    await other.goto(`${locked.url}/`);
    await other.getByRole('heading', { name: 'Tuppence' }).waitFor();
    for (const to of ['overview', 'requests', 'settings', 'export?format=csv', 'presets']) assert.equal(await status(to), 401, to);
    const found = await violations(other);
    await pictures.take(other, 'dashboard-sign-in', 460);
    return found;
  });
  await book.case('sign-in: a wrong key is refused in words, the right one opens, and signing out closes', async () => {
    await other.getByLabel('Gateway key').fill('not-the-key');
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.locator('#key-error').waitFor();
    await other.getByLabel('Gateway key').fill(KEY);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByRole('heading', { name: 'Overview' }).waitFor();
    const cookies = await other.context().cookies();
    assert.ok(cookies.length > 0 && cookies.every((one) => one.httpOnly && one.sameSite === 'Strict' && !one.value.includes(KEY)), JSON.stringify(cookies.map(({ value, ...rest }) => rest)));
    assert.equal(await other.evaluate(() => document.cookie), '');
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.getByLabel('Gateway key').waitFor();
    assert.equal(await status('overview'), 401);
  });
  await other.context().close();
  await attack({ book, browser, gateway: locked, keep, kind: 'signed in', key: KEY, state: () => contentOfAll(folder) });
  const leak = leakIn(locked.logFile, [KEY]);
  if (leak) book.add('the log of the gateway with keys holds no secret', leak);
}

/** What an attacker must not change: the configuration and the presets. */
const contentOfAll = (folder) => fs.readFileSync(path.join(folder, 'tuppence.json'), 'utf8') + (fs.existsSync(path.join(folder, 'presets')) ? contentOf(path.join(folder, 'presets')) : '');

try {
  await firstVisit();
  await live();
  await conversations();
  await requests();
  await settings();
  await presets();
  await connect();
  await playground();
  await accessibility();
  await signIn();
  await attack({ book, browser, gateway, keep, kind: 'without keys', state: () => contentOfAll(path.join(dir, 'gateway')) });
  await book.case('no page asked another host, and none had an error', async () => {
    const foreign = [...hosts].filter((host) => !host.startsWith('127.0.0.1:'));
    return [foreign.length ? `asked ${foreign.join(', ')}` : '', ...new Set(troubles)].filter(Boolean).join('; ');
  });
  await book.case('the gateway ran to the end, and its log holds no secret', async () => gateway.ended || leakIn(gateway.logFile, [SECRET]));
} catch (e) {
  book.add('the scene could be set', e.stack);
} finally {
  await end();
}
book.done();
process.exit();
