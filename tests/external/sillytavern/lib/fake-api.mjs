// A small stand-in for the Messages API. Every request is kept; what it answers can be scripted per request.
import http from 'node:http';
import { once } from 'node:events';

const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
const tokens = (value) => Math.ceil(Buffer.byteLength(JSON.stringify(value) ?? '') / 4);

/**
 * Behaviours (queued with api.next(...); with an empty queue: ok):
 *   {kind: 'ok'}                                   an answer, streamed if the request says so
 *   {kind: 'error', status, type, message, headers, raw}   an HTTP error (raw: this body instead)
 *   {kind: 'html', status}                         an HTML page
 *   {kind: 'stream-error', after}                  SSE error event after so many text deltas
 *   {kind: 'cut', after}                           connection destroyed after so many deltas, or in the middle of a plain answer
 *   {kind: 'early-end', after}                     stream closed in order, without message_stop
 *   {kind: 'slow', delay}                          ms between deltas
 *   {kind: 'thinking', thinking}                   a thinking block before the text
 *   {kind: 'unknown-events'}                       unknown events and comment lines between the deltas
 *   {kind: 'refusal'}                              no content, stop_reason refusal
 * `text` in any of them replaces the reply.
 */
export async function createFakeApi(port) {
  const requests = [];
  const queue = [];
  let replies = 0;

  const server = http.createServer(async (req, res) => {
    const parts = [];
    for await (const c of req) parts.push(c);
    const raw = Buffer.concat(parts).toString('utf8');
    const entry = { method: req.method, url: req.url, headers: req.headers, body: null, aborted: false };
    try { entry.body = JSON.parse(raw); } catch { /* kept as null */ }
    requests.push(entry);
    res.on('close', () => { entry.aborted = !res.writableFinished; });
    await answer(req, res, entry.body ?? {});
  });

  async function answer(req, res, body) {
    const behaviour = queue.shift() ?? { kind: 'ok' };
    const ids = { 'request-id': `req_fake_${requests.length}` };
    const json = { 'content-type': 'application/json', ...ids };
    const error = (type, message) => JSON.stringify({ type: 'error', error: { type, message }, request_id: ids['request-id'] });

    if (req.method !== 'POST' || req.url.split('?')[0] !== '/v1/messages') {
      return res.writeHead(404, json).end(error('not_found_error', `no such route: ${req.method} ${req.url}`));
    }
    if (behaviour.kind === 'error') {
      return res.writeHead(behaviour.status, { ...json, ...behaviour.headers }).end(behaviour.raw ?? error(behaviour.type, behaviour.message));
    }
    if (behaviour.kind === 'html') {
      return res.writeHead(behaviour.status, { 'content-type': 'text/html', ...ids }).end('<html><body><h1>502 Bad Gateway</h1></body></html>');
    }

    const text = behaviour.text
      ?? `Reply ${++replies}. The lantern swung once and went still. She looked up, smiled, and said nothing at all for a long moment.`;
    const content = [
      ...(behaviour.kind === 'thinking' ? [{ type: 'thinking', thinking: behaviour.thinking, signature: 'c2lnbmF0dXJl' }] : []),
      ...(behaviour.kind === 'refusal' ? [] : [{ type: 'text', text }]),
    ];
    const message = {
      id: `msg_fake_${requests.length}`, type: 'message', role: 'assistant', model: body.model, content,
      stop_reason: behaviour.kind === 'refusal' ? 'refusal' : 'end_turn', stop_sequence: null,
      usage: { input_tokens: tokens(body.messages), cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: tokens(text) },
    };
    if (body.stream) return stream(res, message, behaviour, ids);

    const whole = JSON.stringify(message);
    if (behaviour.kind !== 'cut') return res.writeHead(200, json).end(whole);
    res.writeHead(200, { ...json, 'content-length': Buffer.byteLength(whole) });
    res.write(whole.slice(0, 100));
    await sleep(300);
    return res.socket?.destroy();
  }

  async function stream(res, message, behaviour, ids) {
    const { kind, after = 0, delay = 0 } = behaviour;
    res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', ...ids });
    const send = (type, members) => res.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`);
    const delta = (index, d) => send('content_block_delta', { index, delta: d });

    send('message_start', { message: { ...message, content: [], stop_reason: null, usage: { ...message.usage, output_tokens: 1 } } });
    for (const [index, block] of message.content.entries()) {
      if (block.type === 'thinking') {
        send('content_block_start', { index, content_block: { type: 'thinking', thinking: '', signature: '' } });
        for (const thinking of block.thinking.match(/.{1,40}/gs)) delta(index, { type: 'thinking_delta', thinking });
        delta(index, { type: 'signature_delta', signature: block.signature });
      } else {
        send('content_block_start', { index, content_block: { type: 'text', text: '' } });
        send('ping', {});
        for (const [n, text] of block.text.match(/.{1,40}/gs).entries()) {
          if (n === after) {
            if (kind === 'stream-error') {
              send('error', { error: { type: 'overloaded_error', message: 'Overloaded' } });
              return res.end();
            }
            if (kind === 'early-end') return res.end();
            if (kind === 'cut') {
              await sleep(300);
              return res.socket?.destroy();
            }
          }
          if (kind === 'unknown-events') {
            res.write(': keep-alive comment\n\n');
            send('gateway_notice', { note: 'hello' });
          }
          delta(index, { type: 'text_delta', text });
          if (delay) await sleep(delay);
          if (res.destroyed) return undefined;
        }
      }
      send('content_block_stop', { index });
    }
    send('message_delta', { delta: { stop_reason: message.stop_reason, stop_sequence: null }, usage: { output_tokens: message.usage.output_tokens } });
    send('message_stop', {});
    return res.end();
  }

  const listen = async () => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const close = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  await listen();
  return {
    requests,
    base: `http://127.0.0.1:${port}`,
    next: (...behaviours) => queue.push(...behaviours),
    get queued() { return queue.length; },
    clearQueue: () => queue.splice(0),
    /** Stops listening, as a server that is down. */
    goAway: close,
    comeBack: listen,
    close,
  };
}
