// Byte-level HTTP/1.1, the part that server and client share. No HTTP library is used on either side,
// so nothing is normalised away before it is compared.
import crypto from 'node:crypto';

export const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
export const sha = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** Headers that belong to one hop or differ by nature; they are not compared. The last is the gateway's own, on every answer: docs/promises.md, P8. */
export const HOP = new Set([
  'connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'content-length', 'date', 'expect',
  'x-tuppence-request-id',
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
export class Source {
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
export async function readChunked(source, deadline, parts, sizes) {
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
