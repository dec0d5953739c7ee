// A scripted, recording HTTP/1.1 server on raw sockets: the fake upstream.
import net from 'node:net';
import { once } from 'node:events';
import { Source, get, parseHead, readChunked, sleep } from './wire.mjs';

/**
 * Recording server. handler(request) gives the steps of the answer:
 *   Buffer|string     write these bytes as they are (string: Latin-1)
 *   {delay: ms}       wait
 *   {close: true}     FIN;   {reset: true} RST
 *   {hold: true}      keep the connection open until the peer goes away
 *   {keep: true}      go on with the next request on this connection
 * Each request records when its peer closed the connection (`peerClosedAt`).
 */
export async function startServer(port, handler, { idle = 30_000 } = {}) {
  const requests = [];
  const sockets = new Set();

  const server = net.createServer({ noDelay: true }, async (sock) => {
    sock.setMaxListeners(0);
    sockets.add(sock);
    sock.on('close', () => sockets.delete(sock));
    sock.on('error', () => {});
    const source = new Source(sock);
    for (;;) {
      const request = await readRequest(sock, source, idle);
      if (!request) { sock.destroy(); return; }
      requests.push(request);
      await readBody(request, source, Date.now() + idle);
      let steps;
      try {
        steps = await handler(request, requests);
      } catch (e) {
        const reason = String(e).replace(/[\r\n]/g, ' ');
        steps = [`HTTP/1.1 599 handler\r\nContent-Length: 0\r\nx-error: ${reason}\r\n\r\n`, { close: true }];
      }
      if (!(await play(steps, sock))) return;
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: server.address().port,
    requests,
    async stop() {
      for (const s of sockets) s.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readRequest(sock, source, idle) {
  const headRaw = await source.until('\r\n\r\n', Date.now() + idle);
  if (!headRaw) return null;
  const { start, headers } = parseHead(headRaw);
  const [method, target, version] = start.split(' ');
  const request = { method, target, version, headers, headRaw, body: Buffer.alloc(0), complete: true, trailers: [], peerClosedAt: null };
  sock.once('close', () => { request.peerClosedAt = performance.now(); });
  if (/100-continue/i.test(get(headers, 'expect') || '')) sock.write('HTTP/1.1 100 Continue\r\n\r\n');
  return request;
}

async function readBody(request, source, deadline) {
  const parts = [];
  const length = get(request.headers, 'content-length');
  if (/chunked/i.test(get(request.headers, 'transfer-encoding') || '')) {
    const { ok, trailers } = await readChunked(source, deadline, parts, []);
    request.complete = ok;
    request.trailers = trailers;
  } else if (length) {
    let left = Number(length);
    for (let part; left > 0 && (part = await source.some(left, deadline)); left -= part.length) parts.push([0, part]);
    request.complete = left === 0;
  }
  request.body = Buffer.concat(parts.map(([, bytes]) => bytes));
}

/** Plays the steps of an answer; true where the connection goes on. */
async function play(steps, sock) {
  let keep = false;
  for (const step of steps) {
    if (sock.destroyed) return false;
    if (typeof step === 'string' || Buffer.isBuffer(step)) {
      const bytes = typeof step === 'string' ? Buffer.from(step, 'latin1') : step;
      if (!sock.write(bytes)) await Promise.race([once(sock, 'drain'), once(sock, 'close')]).catch(() => {});
    } else if (step.delay) {
      await sleep(step.delay);
    } else if (step.close) {
      sock.end();
    } else if (step.reset) {
      sock.resetAndDestroy();
    } else if (step.hold) {
      if (!sock.destroyed) await new Promise((r) => { sock.once('close', r); sock.once('end', () => sock.end()); });
    } else if (step.keep) {
      keep = true;
    }
  }
  return keep && !sock.destroyed;
}
