// Nothing is held back. The margins are 80 to 500 ms; a case that fails is run once more, because a busy machine can be late.
import { post, ok, chunk, event, SSE_HEAD, END } from './harness.mjs';

const SOON_MS = 500;
const MOST_LAG_MS = 80;

const firstBytesSoon = ({ res }) => {
  const at = res.timeline[0]?.[0];
  return at < SOON_MS ? '' : `first bytes after ${at} ms`;
};

export async function time(bench) {
  const late = (id, script, check) => bench.both(`time/${id}`, post('{"stream":true}'), script, {
    options: { timeout: 30_000 },
    attempts: 2,
    check: (direct, via) => check(via, direct),
  });

  await late('first-event-not-held-back', () => [SSE_HEAD, chunk(event('a', { n: 1 })), { delay: 1500 }, chunk(event('b', { n: 2 })), ...END], firstBytesSoon);
  await late('head-before-body', () => [SSE_HEAD, { delay: 1500 }, chunk(event('a', {})), ...END],
    ({ res }) => (res.headMs < SOON_MS ? '' : `head after ${Math.round(res.headMs)} ms`));
  const tenEvents = Array.from({ length: 10 }, (_, i) => [chunk(event('e', { i })), { delay: 100 }]).flat();
  await late('each-event-at-once', () => [SSE_HEAD, ...tenEvents, ...END], (via, direct) => {
    const lags = via.res.timeline.map(([at], i) => at - (direct.res.timeline[i]?.[0] ?? 0));
    return lags.length >= 10 && Math.max(...lags) < MOST_LAG_MS ? '' : `${lags.length} arrivals, worst lag ${Math.max(...lags)} ms`;
  });
  await late('partial-event-not-held-back', () => [SSE_HEAD, chunk('event: a\nda'), { delay: 1200 }, chunk('ta: {}\n\n'), ...END], firstBytesSoon);
  await late('comment-ping-forwarded-at-once', () => [SSE_HEAD, chunk(': ping\n\n'), { delay: 1200 }, chunk(event('a', {})), ...END], firstBytesSoon);
  await late('silence-6s', () => [SSE_HEAD, chunk(event('a', {})), { delay: 6000 }, chunk(event('b', {})), ...END],
    ({ res }) => (res.complete ? '' : `cut: ${res.closed}`));
  await late('slow-head-6s', () => [{ delay: 6000 }, ...ok()], ({ res }) => (res.status === 200 ? '' : `status ${res.status} ${res.closed || ''}`));
  const jsonl = 'HTTP/1.1 200 OK\r\nContent-Type: application/x-jsonl\r\nTransfer-Encoding: chunked\r\n\r\n';
  await late('jsonl-streams-too', () => [jsonl, chunk('{"a":1}\n'), { delay: 1200 }, chunk('{"b":1}\n'), ...END], firstBytesSoon);
}
