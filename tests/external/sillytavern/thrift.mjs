// Forty turns of the real SillyTavern with lore, a note and a macro, through Tuppence into the emulator with its prompt cache.
//   node thrift.mjs --gateway PATH [--dir DIR]
// The emulator's bill, Tuppence's own account of the same requests and the planner's forecast must agree.
import { strict as assert } from 'node:assert';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { allow, option } from '../lib/args.mjs';
import { Book } from '../lib/book.mjs';
import { freePort, onInterrupt, startEmulator, startGateway } from '../lib/gateway.mjs';
import * as act from './lib/actions.mjs';
import { chooseClaude, connect, nameThePersona, openCharacter, saveProxy, testMessage } from './lib/setup.mjs';
import { startSillyTavern } from './lib/st.mjs';
import { openBrowser, openPage } from './lib/ui.mjs';
import { assertNoError } from './scenario.mjs';

allow('gateway', 'dir');
const TURNS = 40;
/** How far the planner's forecast of all input may be from the bill. */
const TOLERANCE = 0.02;
// docs/decisions/0015-cache-planner.md, "Guard"
const GUARD_TOKENS = 4096;
const GUARD_SHARE = 0.003;
// A clock carried behind the history must save half at the very least.
const RELOCATE_SHARE = 0.5;

const binary = option('gateway', null);
const dir = path.resolve(option('dir', path.join(os.tmpdir(), 'tuppence-thrift')));
fs.mkdirSync(dir, { recursive: true });
const pageLog = fs.createWriteStream(path.join(dir, 'page.log'));
const book = new Book('thrift');
const ending = [];
const end = async () => { for (const stop of ending.splice(0).reverse()) await stop().catch((e) => console.error(e)); };
const keep = (thing, stop) => { ending.push(stop ?? (() => thing.stop())); return thing; };
onInterrupt(end);

const LINES = [
  'I follow the path down to the old mill. What do I find there?',
  'Tell me about the storm that came last year.',
  'We share some bread. Who else lives in this forest?',
  'I ask about the mill again, and about the miller.',
  'Let us walk on. What is the weather like?',
];

/** Lore that words of the chat call up, a note at depth 4, and macros in the main prompt: what breaks prompts in real chats. */
const prepare = (page) => page.evaluate(async () => {
  const context = SillyTavern.getContext();
  const run = (command) => context.executeSlashCommandsWithOptions(command);
  await run('/getchatbook | /createentry file={{pipe}} key=storm The storm of last year felled the great oak and flooded the lower meadows for a week.');
  await run('/getchatbook | /createentry file={{pipe}} key=mill The mill has been empty since the miller left; its wheel still turns at night, although the brook is dry.');
  await run('/note-depth 4 | /note-frequency 1 | /note Keep the mood calm and the answers short.');
  const settings = context.chatCompletionSettings;
  const main = settings.prompts.find((prompt) => prompt.identifier === 'main');
  main.content += '\nIt is {{time}} now. Today the birds are {{random:quiet,loud,gone,restless,sleepy,hungry}}.';
  settings.openai_max_context = 60000;
  settings.max_context_unlocked = true;
});

async function chatAt(level) {
  const folder = path.join(dir, level);
  const emulator = keep(await startEmulator({ binary, dir: path.join(folder, 'emulator') }));
  const gateway = keep(await startGateway({ binary, dir: path.join(folder, 'gateway'), config: { upstream: emulator.url, cache: { level, remembered_turns: 1000 } } }));
  const st = keep(await startSillyTavern({ dir: folder, port: await freePort() }));
  const browser = keep(await openBrowser(), () => browser.close());
  const page = await openPage(browser, st, (line) => pageLog.write(`${line}\n`));
  const bill = async () => (await (await fetch(`${emulator.url}/emulator/bill`)).json()).bill;
  const account = async () => (await (await fetch(`${gateway.url}/tuppence/cache`)).json()).conversations;
  const step = (id, run) => book.case(`${level}: ${id}`, async () => {
    try {
      return await run() ?? '';
    } catch (e) {
      await page.screenshot({ path: path.join(dir, `failed-${level}.png`) }).catch(() => {});
      throw e;
    }
  });

  try {
    await step('set up', async () => {
      await nameThePersona(page);
      await chooseClaude(page);
      await saveProxy(page, `${gateway.url}/v1`);
      await connect(page);
      await testMessage(page);
      await openCharacter(page);
      await prepare(page);
    });
    await step(`${TURNS} turns`, async () => {
      for (let i = 0; i < TURNS; i++) await act.send(page, `${LINES[i % LINES.length]} (${i + 1})`);
      await assertNoError(page);
    });
    await step('the bill is Tuppence\'s account to the nano-dollar, and the forecast is close', async () => {
      const lines = await bill();
      const billed = lines.reduce((sum, line) => sum + line.input_nano_dollars, 0);
      const conversations = await account();
      fs.writeFileSync(path.join(folder, 'account.json'), JSON.stringify(conversations, null, 1));
      const total = (name) => conversations.reduce((sum, one) => sum + one[name], 0);
      assert.ok(total('turns') > TURNS, `${total('turns')} turns are accounted for`);
      assert.equal(total('spent'), billed);
      const off = Math.abs(total('planned') - billed) / billed;
      assert.ok(off <= TOLERANCE, `the forecast of ${total('planned')} is ${(off * 100).toFixed(1)} % off ${billed}`);
      const share = billed / total('without_caching');
      console.log(`... ${level}: ${billed} nano-dollars for input, ${(share * 100).toFixed(1)} % of what it costs without caching; forecast ${(off * 100).toFixed(2)} % off; bound ${(total('lower_bound') / total('without_caching') * 100).toFixed(1)} %`);
      // The clock stands in the main prompt: breakpoints alone cannot win here, and the guard says what they may lose.
      const tokens = lines.reduce((sum, line) => sum + line.input_tokens + line.ephemeral_5m_input_tokens + line.ephemeral_1h_input_tokens + line.cache_read_input_tokens, 0);
      const without = total('without_caching');
      const most = level === 'markers' ? without * (1 + GUARD_SHARE) + GUARD_TOKENS * (without / tokens) : without * RELOCATE_SHARE;
      assert.ok(billed <= most, `the input cost ${billed}, ${(share * 100).toFixed(1)} % of no caching; at most ${Math.round(most)} is allowed`);
    });
    await step('the dashboard draws the chat turn by turn, as it was billed', async () => {
      const { conversations } = await (await fetch(`${gateway.url}/tuppence/api/conversations`)).json();
      const chat = conversations.reduce((longest, one) => (one.sum.requests > longest.sum.requests ? one : longest));
      assert.ok(chat.sum.requests >= TURNS, `the longest conversation has ${chat.sum.requests} requests`);
      const { turns } = await (await fetch(`${gateway.url}/tuppence/api/conversations/${chat.id}`)).json();
      for (const { turn, usage } of turns) {
        const read = turn.strip.filter((run) => run.kind === 'read').reduce((sum, run) => sum + run.tokens, 0);
        assert.equal(read, usage.cacheRead, `turn ${turn.number}`);
      }
      const dashboard = await browser.newPage();
      await dashboard.goto(`${gateway.url}/#/conversations/${chat.id}`);
      await dashboard.locator('.line').nth(turns.length - 1).waitFor();
      assert.equal(await dashboard.locator('.line').count(), turns.length);
      await dashboard.close();
    });
  } finally {
    await end();
  }
}

try {
  for (const level of ['markers', 'relocate']) await chatAt(level);
} catch (e) {
  book.add('the scene could be set', e.stack);
} finally {
  await end();
}
book.done();
process.exit();
