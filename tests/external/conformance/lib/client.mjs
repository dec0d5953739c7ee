// A raw HTTP/1.1 client: writes bytes as they are, records what comes back and when.
import net from 'node:net';
import { once } from 'node:events';
import { Source, get, parseHead, readChunked, sleep } from './wire.mjs';

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
