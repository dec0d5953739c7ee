// The bench of s2: a scripted upstream, raw clients, and the comparison of a direct exchange with one through TARGET.
import { createParser } from 'eventsource-parser';
import { rawRequest } from '../lib/client.mjs';
import { startServer } from '../lib/upstream.mjs';
import { get, sha, sleep, HOP } from '../lib/wire.mjs';
import { Rules, checkRefused, checkEndsWith } from '../lib/rules.mjs';
import { Book } from '../../lib/book.mjs';

export const utf8 = (text) => Buffer.from(text, 'utf8');

// ---- requests

/** A raw request; Content-Length is added where the headers frame nothing and the method has a body. */
export function request(method, target, headers = '', body = '') {
  const bytes = Buffer.isBuffer(body) ? body : utf8(body);
  const framed = /content-length|transfer-encoding/i.test(headers) || (!bytes.length && !/^(POST|PUT|PATCH)$/.test(method));
  const length = framed ? '' : `Content-Length: ${bytes.length}\r\n`;
  return Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1\r\nHost: gw.test\r\n${headers}${length}\r\n`, 'latin1'), bytes]);
}

export const JSON_TYPE = 'Content-Type: application/json\r\n';

export const post = (body, headers = `${JSON_TYPE}anthropic-version: 2026-10-21\r\n`, target = '/v1/messages') => request('POST', target, headers, body);

// ---- answers (steps of lib/wire.mjs)

export const answer = (body, head = '', status = '200 OK', type = 'application/json') => {
  const bytes = Buffer.from(body);
  const start = `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n${head}\r\n`;
  return [Buffer.concat([utf8(start), bytes]), { keep: true }];
};

export const ok = () => answer('{"ok":true}');

export const chunk = (data) => {
  const bytes = Buffer.from(data);
  return Buffer.concat([utf8(`${bytes.length.toString(16)}\r\n`), bytes, utf8('\r\n')]);
};

export const CHUNKED_JSON = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';

export const SSE_HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\n'
  + 'Transfer-Encoding: chunked\r\nrequest-id: req_sse\r\n\r\n';

export const END = ['0\r\n\r\n', { keep: true }];

/** One server-sent event. */
export const event = (name, data, nl = '\n') => `event: ${name}${nl}data: ${JSON.stringify(data)}${nl}${nl}`;

/** Events as an independent parser sees them: [name, data, id]. */
export function parseEvents(bytes) {
  const events = [];
  const parser = createParser({
    onEvent: (e) => events.push([e.event ?? null, e.data, e.id ?? null]),
    onError() {},
    onRetry: (ms) => events.push(['retry', ms]),
  });
  parser.feed(new TextDecoder().decode(bytes));
  return events;
}

// ---- comparison

const compared = (headers) => headers
  .filter(([name]) => !HOP.has(name.toLowerCase()) && name.toLowerCase() !== 'host')
  .map(([name, value]) => `${name.toLowerCase()}: ${value}`);

/** What one list of header lines has more than the other, lines counted. */
function headerDifference(expected, actual) {
  const added = [...actual];
  const missing = expected.filter((line) => {
    const i = added.indexOf(line);
    if (i >= 0) added.splice(i, 1);
    return i < 0;
  });
  return missing.length || added.length ? `missing [${missing}] added [${added}]`.slice(0, 300) : '';
}

/** Takes the named headers out of the expectation; counts how many lines went. */
function without(lines, names) {
  const kept = lines.filter((line) => !names.includes(line.split(':')[0]));
  return [kept, lines.length - kept.length];
}

export class Bench {
  #script = () => [];
  #rules = new Rules('s2');

  /** `target`: port of the gateway, or null for a self-check. */
  static async start(upstreamPort, target) {
    const bench = new Bench();
    bench.upstream = await startServer(upstreamPort, (req, all) => bench.#script(req, all));
    bench.upstreamPort = bench.upstream.port;
    bench.direct = target === null;
    bench.target = target ?? bench.upstreamPort;
    bench.book = new Book('s2-wire');
    return bench;
  }

  async stop() {
    await this.upstream.stop();
    if (!this.book.filtered) this.#rules.assertAllUsed();
    this.book.done();
  }

  /** Sends bytes to a port, the upstream playing `script`; the answer and the requests that the upstream saw. */
  async exchange(port, bytes, script, { settle = 5, ...options } = {}) {
    this.#script = script;
    const from = this.upstream.requests.length;
    const res = await rawRequest(port, bytes, options);
    await sleep(settle);
    return { res, reqs: this.upstream.requests.slice(from) };
  }

  /**
   * A case: the same bytes straight to the upstream and through the gateway.
   *   check(direct, via)   judges instead of the comparison
   *   requestOnly          only what the upstream saw is compared
   *   events               the events in the answer are compared, too
   *   attempts             how often it may fail (time/* only: the machine may be busy)
   */
  async both(id, bytes, script, { options = {}, check = null, requestOnly = false, events = false, attempts = 1 } = {}) {
    await this.book.case(id, async () => {
      const direct = await this.exchange(this.upstreamPort, bytes, script, options);
      const via = await this.exchange(this.target, bytes, script, options);
      const expected = this.#rules.of(id);
      if (expected?.refused) return checkRefused(expected.refused, via);
      if (expected?.ends_with) return checkEndsWith(expected.ends_with, via, parseEvents(direct.res.body), parseEvents(via.res.body));
      if (check) return check(direct, via);
      return this.#compare(direct, via, { requestOnly, events, dropped: expected?.dropped });
    }, { attempts });
  }

  #compare(direct, via, { requestOnly, events, dropped }) {
    if (via.reqs.length !== direct.reqs.length) {
      const saw = `${via.res.status} ${via.res.body.toString('utf8', 0, 120)}`;
      return `${via.reqs.length} requests upstream instead of ${direct.reqs.length}; client saw ${saw}`;
    }
    const why = [];
    let gone = 0;

    direct.reqs.forEach((x, i) => {
      const y = via.reqs[i];
      const [lines, n] = without(compared(x.headers), dropped?.request ?? []);
      gone += n;
      if (`${x.method} ${x.target}` !== `${y.method} ${y.target}`) {
        why.push(`request line "${y.method} ${y.target}" instead of "${x.method} ${x.target}"`.slice(0, 200));
      }
      if (!x.body.equals(y.body)) why.push(`request body ${y.body.length} B ${sha(y.body)} instead of ${x.body.length} B ${sha(x.body)}`);
      const headers = headerDifference(lines, compared(y.headers));
      if (headers) why.push(`request headers ${headers}`);
    });

    if (!requestOnly) {
      const x = direct.res;
      const y = via.res;
      const [lines, n] = without(compared(x.headers), dropped?.response ?? []);
      gone += n;
      if (x.status !== y.status) why.push(`status ${y.status || y.closed} instead of ${x.status}`);
      if (!x.body.equals(y.body)) why.push(`response body ${y.body.length} B instead of ${x.body.length} B`);
      if (x.complete !== y.complete) why.push(`complete=${y.complete} (${y.closed}) instead of ${x.complete} (${x.closed})`);
      const headers = headerDifference(lines, compared(y.headers));
      if (headers) why.push(`response headers ${headers}`);
      if (events && JSON.stringify(parseEvents(x.body)) !== JSON.stringify(parseEvents(y.body))) why.push('decoded events differ');
    }
    if (dropped && !gone) why.push(`the rule expects one of [${dropped.request}, ${dropped.response}] to be dropped, and the case has none`);
    return why.join('; ');
  }
}

/** Value of a header of the first request that the upstream saw, or undefined. */
export const firstRequestHeader = ({ reqs }, name) => (reqs[0] ? get(reqs[0].headers, name) : undefined);
