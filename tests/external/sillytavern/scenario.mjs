// What a person does in SillyTavern, against a fake Messages API.
import { strict as assert } from 'node:assert';
import * as act from './lib/actions.mjs';
import { clearToasts, toasts, waitIdle } from './lib/ui.mjs';
import { PASSWORD, chooseClaude, connect, nameThePersona, openCharacter, saveProxy, testMessage } from './lib/setup.mjs';

const ABORT_MS = 1500;

/** The user sees a reason: an error toast whose text matches. */
export async function assertReason(page, pattern) {
  const shown = (await toasts(page)).filter((t) => t.kind === 'error');
  assert.ok(shown.some((t) => pattern.test(t.message)), `no toast says ${pattern}; on screen: ${JSON.stringify(shown)}`);
}

export async function assertNoError(page) {
  const shown = (await toasts(page)).filter((t) => t.kind === 'error' || t.kind === 'warning');
  assert.deepEqual(shown, []);
}

async function assertReply(page, pattern) {
  const last = await act.lastMessage(page);
  assert.equal(last.fromUser, false, `the last message is the user's: ${last.text}`);
  assert.match(last.text, pattern);
  return last;
}

/** First contact: a new user, the proxy form, Connect, Test Message. */
export async function firstContact({ page, api, step, url }) {
  await step('onboarding', () => nameThePersona(page));
  await step('choose Chat Completion, Claude', () => chooseClaude(page));
  await step('save the proxy', () => saveProxy(page, `${url}/v1`));
  await step('Connect sends nothing', async (requests) => {
    await connect(page);
    assert.equal(requests().length, 0);
  });
  await step('Test Message', async (requests) => {
    await testMessage(page);
    const [request, ...more] = requests();
    assert.equal(more.length, 0);
    assert.equal(request.url, '/v1/messages');
    assert.equal(request.headers['x-api-key'], PASSWORD);
    assert.equal(request.body.stream, false);
  });
  await step('Test Message with a refused password (401)', async () => {
    await clearToasts(page);
    api.next({ kind: 'error', status: 401, type: 'authentication_error', message: 'invalid x-api-key' });
    await page.click('#test_api_button');
    await page.waitForFunction(() => document.querySelector('#toast-container .toast-error'), null, { timeout: 10_000 });
    await assertReason(page, /Could not get a reply from API/);
  });
  await step('open a character', () => openCharacter(page));
}

/** A chat, and everything a person does to its messages. */
export async function chat({ page, api, step }) {
  const one = (requests) => {
    assert.equal(requests().length, 1);
    return requests()[0];
  };

  await step('send, streaming', async (requests) => {
    await clearToasts(page);
    const { tokens } = await act.send(page, 'Hello there. Where am I, and who are you?');
    assert.equal(one(requests).body.stream, true);
    assert.ok(tokens >= 2, `${tokens} streamed piece(s)`);
    await assertReply(page, /^Reply \d+\. .* long moment\.$/s);
    await assertNoError(page);
  });
  await step('swipe right', async (requests) => {
    await act.swipeRight(page);
    one(requests);
    assert.equal((await assertReply(page, /^Reply/)).swipes, 2);
  });
  await step('regenerate', async (requests) => {
    const { text } = await act.lastMessage(page);
    await act.regenerate(page);
    one(requests);
    assert.notEqual((await assertReply(page, /^Reply/)).text, text);
  });
  await step('edit the last user message, then regenerate', async (requests) => {
    await act.editMessage(page, (await act.chatLength(page)) - 2, (text) => `${text} (I rub my eyes and sit up.)`);
    await act.regenerate(page);
    assert.match(JSON.stringify(one(requests).body.messages), /rub my eyes/);
    await assertReply(page, /^Reply/);
  });
  await step('continue', async (requests) => {
    const { text } = await act.lastMessage(page);
    await act.continueLast(page);
    one(requests);
    const last = await assertReply(page, /Reply/);
    assert.ok(last.text.startsWith(text) && last.text.length > text.length, last.text);
  });
  await step('impersonate', async (requests) => {
    await act.impersonate(page);
    one(requests);
    assert.match(await page.inputValue('#send_textarea'), /^Reply/);
    await page.fill('#send_textarea', '');
  });
  await step('a streamed thinking block', async () => {
    api.next({ kind: 'thinking', thinking: 'The user greets me; answer in character.' });
    await act.send(page, 'And now?');
    assert.equal((await assertReply(page, /^Reply/)).reasoning, 'The user greets me; answer in character.');
  });
  await step('unknown events and comments are ignored', async () => {
    api.next({ kind: 'unknown-events' });
    await act.send(page, 'Once more.');
    await assertReply(page, /long moment\.$/);
    await assertNoError(page);
  });
  await step('stop in mid-stream aborts the upstream', async (requests) => {
    api.next({ kind: 'slow', delay: 200, text: 'word '.repeat(800) });
    await act.beginToSend(page, 'Tell me a very long story.');
    await page.waitForFunction(() => /word word/.test(SillyTavern.getContext().chat.at(-1).mes));
    const stopped = performance.now();
    await page.click('#mes_stop');
    await waitIdle(page);
    const request = one(requests);
    while (!request.aborted && performance.now() - stopped < ABORT_MS) await page.waitForTimeout(20);
    assert.ok(request.aborted, `the upstream request goes on ${ABORT_MS} ms after the click`);
    await assertReply(page, /^word word/);
  });
  await step('send, not streaming', async (requests) => {
    await act.setStreaming(page, false);
    const { tokens } = await act.send(page, 'A plain answer, please.');
    assert.equal(one(requests).body.stream, false);
    assert.equal(tokens, 0);
    await assertReply(page, /^Reply/);
    await act.setStreaming(page, true);
  });
}

