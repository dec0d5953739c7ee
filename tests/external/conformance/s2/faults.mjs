// Clients that leave and upstreams that break.
import { post, answer, chunk, event, SSE_HEAD } from './harness.mjs';
import { errorBody } from './responses.mjs';

const SETTLE_MS = 1500;

export async function faults(bench) {
  const streaming = post('{"stream":true}');
  const upstreamClosed = ({ reqs }) => (!reqs.length ? 'no request upstream'
    : reqs[0].peerClosedAt ? '' : `upstream connection still open ${SETTLE_MS} ms after the client left`);

  await bench.both('abort/client-leaves-mid-stream', streaming, () => [SSE_HEAD, chunk(event('a', {})), { hold: true }], {
    options: { abortAfterBytes: 1, settle: SETTLE_MS },
    check: (_, via) => upstreamClosed(via),
  });
  await bench.book.case('abort/client-leaves-before-head', async () =>
    upstreamClosed(await bench.exchange(bench.target, post('{}'), () => [{ hold: true }], { timeout: 400, settle: SETTLE_MS })));
  await bench.book.case('abort/client-leaves-mid-upload', async () => {
    const part = post('x'.repeat(100_000)).subarray(0, 5000);
    const { reqs } = await bench.exchange(bench.target, part, () => answer('{}'), { timeout: 500, settle: SETTLE_MS });
    return reqs[0]?.complete ? `upstream got a complete request (${reqs[0].body.length} B)` : '';
  });

  // Without a rule: what the client gets must not look like a whole answer.
  const broken = (id, script) => bench.both(`broken/${id}`, streaming, script, {
    check: (_, { res }) => (res.complete && res.status < 500 ? `looked like a clean ${res.status} with ${res.body.length} B` : ''),
  });
  const head = (length) => `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
  await broken('reset-mid-chunk', () => [SSE_HEAD, chunk(event('a', {})), '400\r\nabc', { delay: 50 }, { reset: true }]);
  await broken('fin-without-last-chunk', () => [SSE_HEAD, chunk(event('a', {})), { delay: 50 }, { close: true }]);
  await broken('fin-mid-length', () => [`${head(100)}{"half":`, { delay: 50 }, { close: true }]);
  await broken('close-before-head', () => [{ close: true }]);
  await broken('reset-before-head', () => [{ reset: true }]);
  await broken('garbage-head', () => ['NOT HTTP AT ALL\r\n\r\n', { close: true }]);
  await broken('bad-chunk-size', () => [SSE_HEAD, 'zz\r\nabc\r\n', { delay: 30 }, { close: true }]);

  await bench.both('broken/early-413-while-uploading', post(Buffer.alloc(3 << 20, 'a')), () => answer(errorBody('request_too_large'), '', '413 Payload Too Large'), {
    check: (_, { res }) => (res.status === 413 ? '' : `status ${res.status} ${res.closed || ''}`),
  });
}
