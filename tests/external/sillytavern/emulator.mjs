// A new user, no account and no upstream: the gateway answers from its own emulator.
import { strict as assert } from 'node:assert';
import * as act from './lib/actions.mjs';
import { clearToasts } from './lib/ui.mjs';
import { assertNoError } from './scenario.mjs';
import { chooseClaude, connect, nameThePersona, openCharacter, saveProxy, testMessage } from './lib/setup.mjs';

const DEFAULT_URL = 'http://127.0.0.1:42069/v1';

export async function emulator({ page, api, step, pictures, url }) {
  await step('onboarding', () => nameThePersona(page));
  await step('choose Chat Completion, Claude', () => chooseClaude(page));
  await step('save the proxy, without /v1', () => saveProxy(page, url, async () => {
    await page.fill('#openai_reverse_proxy', DEFAULT_URL);   // what the guide tells; the gateway under test has another port
    await pictures.take('sillytavern-proxy', ['#chat_completion_source', '#save_proxy', '#model_claude_select'], { above: 30 });
  }));
  await step('Connect', () => connect(page));
  await step('Test Message', () => testMessage(page));
  await step('open a character', () => openCharacter(page));
  await step('send, streaming', async (requests) => {
    await clearToasts(page);
    const { tokens } = await act.send(page, 'Hello there. Where am I, and who are you?');
    const last = await act.lastMessage(page);
    assert.equal(last.fromUser, false);
    assert.ok(last.text.length > 20, `the reply is "${last.text}"`);
    assert.ok(tokens >= 2, `${tokens} streamed piece(s)`);
    await assertNoError(page);
    assert.equal(requests().length, 0, 'the emulator is no upstream on the network');
    await pictures.take('sillytavern-chat', ['#chat .mes[mesid="1"]', '#chat .last_mes']);
  });
  await step('swipe right', async () => {
    await act.swipeRight(page);
    assert.equal((await act.lastMessage(page)).swipes, 2);
    await assertNoError(page);
  });
}
