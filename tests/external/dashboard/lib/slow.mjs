// An upstream that answers only as far as it is told: a stream can be looked at while it is under way.
import http from 'node:http';
import { once } from 'node:events';

const event = (type, data) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;

export async function startSlowUpstream() {
  const waiting = [];
  const arrived = [];
  const server = http.createServer(async (req, res) => {
    const parts = [];
    for await (const part of req) parts.push(part);
    const stream = {
      url: req.url,
      headers: req.headers,
      body: parts.length ? JSON.parse(Buffer.concat(parts).toString()) : null,
      closed: false,
      /** Sends the head and a few words. */
      begin() {
        res.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': 'req_of_the_slow_upstream' });
        res.write(event('message_start', { message: { id: 'msg_slow', type: 'message', role: 'assistant', model: stream.body.model, content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: 1200, cache_read_input_tokens: 0, cache_creation_input_tokens: 0, output_tokens: 1 } } }));
        res.write(event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }));
        stream.say('The answer has ');
      },
      say(text) { res.write(event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })); },
      end() {
        stream.say('come to its end.');
        res.write(event('content_block_stop', { index: 0 }));
        res.write(event('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 40 } }));
        res.end(event('message_stop', {}));
      },
    };
    res.on('close', () => { stream.closed = true; });
    const next = waiting.shift();
    if (next) next(stream);
    else arrived.push(stream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** The next request that comes, or came and was not taken yet. */
    next: () => (arrived.length ? Promise.resolve(arrived.shift()) : new Promise((r) => waiting.push(r))),
    get unseen() { return arrived.length; },
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
