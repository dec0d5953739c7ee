// Byte-level HTTP/1.1: a scripted recording server (the fake upstream) and a raw client.
// No HTTP library is used on either side, so nothing is normalised away before it is compared.
import net from 'node:net';
import crypto from 'node:crypto';
import { once } from 'node:events';

export const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
export const sha = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** Headers that belong to one hop or differ by nature; they are not compared. */
export const HOP = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'content-length', 'date', 'expect',
]);

export const getAll = (headers, name) => headers.filter(([k]) => k.toLowerCase() === name).map(([, v]) => v);
export const get = (headers, name) => getAll(headers, name)[0];

/** Start line and headers, names and values as they were sent (Latin-1). */
export function parseHead(raw) {
  const lines = raw.toString('latin1').replace(/\r\n\r\n$/, '').split('\r\n');
  const start = lines.shift();
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')];
  });
  return { start, headers };
}

/** Bytes of a socket, read piece by piece with a deadline. */
class Source {
  buf = Buffer.alloc(0);
  ended = false;
  error = null;
  #waiters = [];

  constructor(sock) {
    sock.on('data', (d) => { this.buf = this.buf.length ? Buffer.concat([this.buf, d]) : d; this.#wake(); });
    sock.on('end', () => { this.ended = true; this.#wake(); });
    sock.on('error', (e) => { this.error = e.code || String(e); this.#wake(); });
    sock.on('close', () => { this.ended = true; this.#wake(); });
  }

  get over() { return this.ended || this.error !== null; }

  #wake() {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const f of waiters) f();
  }

  /** Waits until something happened, at most `ms`. */
  more(ms) {
    if (this.over) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#waiters.push(() => { clearTimeout(timer); resolve(); });
    });
  }

  /** Takes all up to and with `separator`; null where it does not come. */
  async until(separator, deadline) {
    for (;;) {
      const i = this.buf.indexOf(separator);
      if (i >= 0) return this.shift(i + separator.length);
      const left = deadline - Date.now();
      if (left <= 0 || this.over) return null;
      await this.more(left);
    }
  }

  /** Takes exactly n bytes; null where they do not come. */
  async take(n, deadline) {
    while (this.buf.length < n) {
      const left = deadline - Date.now();
      if (left <= 0 || this.over) return null;
      await this.more(left);
    }
    return this.shift(n);
  }

  /** Takes between 1 and n bytes; null where none comes. */
  async some(n, deadline) {
    while (!this.buf.length) {
      const left = deadline - Date.now();
      if (left <= 0 || this.over) return null;
      await this.more(left);
    }
    return this.shift(Math.min(n, this.buf.length));
  }

  shift(n) {
    const out = this.buf.subarray(0, n);
    this.buf = this.buf.subarray(n);
    return out;
  }
}

/** Reads a chunked body into `parts` ([time, bytes]); a truncated chunk's bytes are delivered as well. */
async function readChunked(source, deadline, parts, sizes) {
  for (;;) {
    const line = await source.until('\r\n', deadline);
    const size = line ? parseInt(line.toString('latin1'), 16) : NaN;
    if (Number.isNaN(size)) return { ok: false, trailers: [] };
    if (size === 0) return readTrailers(source, deadline);
    sizes.push(size);
    for (let left = size; left > 0;) {
      const part = await source.some(left, deadline);
      if (!part) return { ok: false, trailers: [] };
      parts.push([performance.now(), part]);
      left -= part.length;
    }
    if (!(await source.take(2, deadline))) return { ok: false, trailers: [] };
  }
}

async function readTrailers(source, deadline) {
  const trailers = [];
  for (;;) {
    const line = await source.until('\r\n', deadline);
    if (!line) return { ok: false, trailers };
    if (line.length === 2) return { ok: true, trailers };
    const text = line.toString('latin1').trimEnd();
    const colon = text.indexOf(':');
    trailers.push([text.slice(0, colon), text.slice(colon + 1).trim()]);
  }
}

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

/**
 * Writes `bytes` and reads one final response.
 *   segments, gap      write in pieces of these sizes, `gap` ms apart
 *   waitFor100         head first, body 300 ms later
 *   abortAfterBytes    drop the connection once so many body bytes were read
 *   timeout            give up after so many ms
 */
export async function rawRequest(port, bytes, { segments = null, gap = 0, timeout = 15_000, abortAfterBytes = null, waitFor100 = false } = {}) {
  const sock = net.connect({ port, host: '127.0.0.1', noDelay: true });
  const source = new Source(sock);
  await Promise.race([once(sock, 'connect'), once(sock, 'error').then(([e]) => { throw e; })]);
  const t0 = performance.now();
  const deadline = Date.now() + timeout;
  const all = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes, 'latin1');
  const method = all.toString('latin1', 0, 8).split(' ')[0];
  const res = { status: 0, startLine: '', headers: [], body: Buffer.alloc(0), framing: 'none', complete: false, trailers: [], timeline: [], closed: null };
  write(sock, all, { segments, gap, waitFor100 }).catch(() => {});

  const parts = [];
  try {
    const head = await finalHead(source, deadline);
    if (!head) {
      res.closed = source.error || (source.ended ? 'fin-before-head' : 'timeout');
      return res;
    }
    Object.assign(res, { startLine: head.start, status: Number(head.start.split(' ')[1]), headers: head.headers, headMs: performance.now() - t0 });

    if (abortAfterBytes !== null) {
      while (source.buf.length < abortAfterBytes && !source.over && Date.now() < deadline) await source.more(deadline - Date.now());
      parts.push([performance.now(), source.buf]);
      res.closed = 'client-abort';
    } else {
      await readAnswer(res, method, source, deadline, parts);
      if (!res.complete) res.closed = source.error || (source.ended ? 'fin' : 'timeout');
    }
    res.body = Buffer.concat(parts.map(([, b]) => b));
    res.timeline = parts.map(([t, b]) => [Math.round(t - t0), b.length]);
    return res;
  } finally {
    sock.destroy();
  }
}

async function write(sock, all, { segments, gap, waitFor100 }) {
  if (waitFor100) {
    const head = all.indexOf('\r\n\r\n') + 4;
    sock.write(all.subarray(0, head));
    await sleep(300);
    sock.write(all.subarray(head));
    return;
  }
  let at = 0;
  for (const n of segments ?? []) {
    if (sock.destroyed) return;
    sock.write(all.subarray(at, at + n));
    at += n;
    await sleep(gap);
  }
  if (at < all.length) sock.write(all.subarray(at));
}

/** The first head that is not a 1xx. */
async function finalHead(source, deadline) {
  for (;;) {
    const raw = await source.until('\r\n\r\n', deadline);
    if (!raw) return null;
    const head = parseHead(raw);
    const status = Number(head.start.split(' ')[1]);
    if (!(status >= 100 && status < 200)) return head;
  }
}

async function readAnswer(res, method, source, deadline, parts) {
  if (method === 'HEAD' || res.status === 204 || res.status === 304) {
    res.complete = true;
    await source.more(60);
    res.extra = source.buf.length;
  } else if (/chunked/i.test(get(res.headers, 'transfer-encoding') || '')) {
    res.framing = 'chunked';
    const { ok, trailers } = await readChunked(source, deadline, parts, []);
    res.complete = ok;
    res.trailers = trailers;
  } else if (get(res.headers, 'content-length') !== undefined) {
    res.framing = 'length';
    let left = Number(get(res.headers, 'content-length'));
    for (let part; left > 0 && (part = await source.some(left, deadline)); left -= part.length) parts.push([performance.now(), part]);
    res.complete = left === 0;
  } else {
    res.framing = 'close';
    for (let part; (part = await source.some(Infinity, deadline));) parts.push([performance.now(), part]);
    res.complete = source.ended && !source.error;
  }
}
