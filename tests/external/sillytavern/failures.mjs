// What the user is shown when the upstream fails: a readable reason, and never an endless wait.
// Without a gateway the cases say what SillyTavern does by itself; a cut connection, then, leaves it waiting for ever.
import { strict as assert } from 'node:assert';
import * as act from './lib/actions.mjs';
import { clearToasts, toasts, waitIdle } from './lib/ui.mjs';
import { assertNoError, assertReason } from './scenario.mjs';

const RETRIED = [408, 429, 500, 502, 503, 504, 529];
const HANG_MS = 15_000;
const STORY = 'Once upon a time there was a lighthouse. '.repeat(20);

const error = (status, type, message, headers) => ({ kind: 'error', status, type, message, headers });
const ERRORS = [
  error(400, 'invalid_request_error', 'messages: text content blocks must be non-empty'),
  error(401, 'authentication_error', 'invalid x-api-key'),
  error(403, 'permission_error', 'Your API key does not have permission'),
  error(404, 'not_found_error', 'model: claude-nope'),
  error(413, 'request_too_large', 'Request exceeds the maximum size'),
  error(429, 'rate_limit_error', 'This request would exceed your rate limit', { 'retry-after': '1' }),
  error(500, 'api_error', 'Internal server error'),
  error(529, 'overloaded_error', 'Overloaded'),
];

export async function failures({ page, api, step, pictures, gateway, retries }) {
  /** Sends a message that meets the scripted behaviours, checks what came of it, and takes the messages away again. */
  const failing = (id, behaviours, check) => step(id, async (requests) => {
    await clearToasts(page);
    const before = await act.chatLength(page);
    api.next(...behaviours);
    let waited = false;
    try {
      await act.send(page, 'Go on.', { timeout: HANG_MS });
    } catch (e) {
      if (!/Timeout/.test(String(e))) throw e;
      waited = true;
      await page.click('#mes_stop');
      await waitIdle(page);
    }
    await page.waitForTimeout(300);
    try {
      assert.equal(api.queued, 0, `${api.queued} of ${behaviours.length} scripted answers were not asked for`);
      assert.equal(requests().length, behaviours.length);
      const added = (await act.chatLength(page)) - before - 1;
      await check({ waited, added, text: added ? (await act.lastMessage(page)).text : '' });
    } finally {
      await act.deleteLast(page, (await act.chatLength(page)) - before);
      await page.fill('#send_textarea', '');
    }
  });

  /** An answer that the gateway asks for again as often as it may. */
  const repeated = (behaviour) => Array(1 + (RETRIED.includes(behaviour.status) ? retries : 0)).fill(behaviour);

  const settled = ({ waited }) => assert.equal(waited, false, 'SillyTavern waits for ever');
  const refused = (pattern) => async (seen) => {
    settled(seen);
    assert.equal(seen.added, 0, 'a reply was added');
    await assertReason(page, pattern);
  };
  const down = (id, check) => step(id, async () => {
    await api.goAway();
    try {
      await clearToasts(page);
      const before = await act.chatLength(page);
      await act.send(page, 'Go on.', { timeout: HANG_MS });
      await page.waitForTimeout(300);
      await check();
      assert.equal(await act.chatLength(page), before + 1, 'a reply was added');
      await act.deleteLast(page, 1);
    } finally {
      await api.comeBack();
    }
  });

  await act.setStreaming(page, true);
  for (const behaviour of ERRORS) {
    await failing(`${behaviour.status}, streaming`, repeated(behaviour), refused(new RegExp(behaviour.message)));
  }
  if (gateway) {
    await failing('529 once: the retry succeeds unseen', [ERRORS.at(-1), { kind: 'ok' }], async (seen) => {
      settled(seen);
      assert.match(seen.text, /^Reply/);
      assert.deepEqual(await toasts(page), []);
    });
  }
  // Bodies that are no API errors pass as they are; SillyTavern shows nothing for these two, but goes on.
  await failing('500 with half a JSON body, streaming', repeated({ kind: 'error', status: 500, raw: '{"type":"error","error":{"type":"api_er' }), settled);
  await failing('502 with an HTML page, streaming', repeated({ kind: 'html', status: 502 }), settled);

  await failing('error event in mid-stream', [{ kind: 'stream-error', after: 1, text: STORY }], async (seen) => {
    settled(seen);
    assert.match(seen.text, /^Once upon a time/);
    await assertReason(page, /^Overloaded$/);
  });
  await failing('error event before any text', [{ kind: 'stream-error', after: 0 }], async (seen) => {
    settled(seen);
    await assertReason(page, /^Overloaded$/);
  });
  await failing('upstream cut in mid-stream', [{ kind: 'cut', after: 1, text: STORY }], async (seen) => {
    if (!gateway) return assert.equal(seen.waited, true, 'SillyTavern no longer waits for ever: the rule may go');
    settled(seen);
    assert.match(seen.text, /^Once upon a time/, 'the text before the cut is lost');
    return assertReason(page, /upstream|connection|stream/i);
  });
  await failing('stream ends in order without message_stop', [{ kind: 'early-end', after: 1, text: STORY }], async (seen) => {
    settled(seen);
    await assertNoError(page);
  });
  await failing('refusal without content', [{ kind: 'refusal' }], async (seen) => {
    settled(seen);
    await assertNoError(page);
  });
  await down('upstream unreachable, streaming', async () => {
    if (!gateway) return;
    await assertReason(page, /upstream|connect|reach/i);
    await pictures.take('sillytavern-error', ['#toast-container .toast-error', '#chat .last_mes'], { lastMessages: 2 });
  });

  // Without streaming SillyTavern shows "Internal Server Error" whatever the reason; the reason is in its console.
  await act.setStreaming(page, false);
  for (const behaviour of ERRORS.filter((e) => [401, 429, 529].includes(e.status))) {
    await failing(`${behaviour.status}, not streaming`, repeated(behaviour), refused(/./));
  }
  await failing('upstream cut in mid-answer, not streaming', [{ kind: 'cut' }], refused(/./));
  await down('upstream unreachable, not streaming', () => assertReason(page, /./));
  await act.setStreaming(page, true);
}
