// The deliberate differences between Tuppence and a transparent proxy, read from rules.json (environment RULES; without it: none).
// A case that a rule names is not skipped: it runs and must show exactly the difference that the rule expects.
import fs from 'node:fs';
import { get } from './wire.mjs';

const LIMIT = 10;
const SUITES = ['s1', 's2', 's3'];   // the suites that know expectations
const EXPECTATIONS = ['refused', 'dropped', 'ends_with', 'results_url'];

export class Rules {
  #rules;
  #suite;

  constructor(suite, file = process.env.RULES) {
    this.#suite = suite;
    const all = file ? JSON.parse(fs.readFileSync(file, 'utf8')) : [];
    for (const rule of all) {
      const wrong = !rule.id ? 'id' : !rule.reason ? 'reason'
        : !rule.cases?.length || rule.cases.some((c) => !SUITES.includes(c.split(':')[0])) ? 'cases'
          : Object.keys(rule.expect ?? {}).length !== 1 || !EXPECTATIONS.includes(Object.keys(rule.expect)[0]) ? 'expect' : null;
      if (wrong) throw new Error(`${file}: rule ${rule.id}: ${wrong} is missing or wrong`);
    }
    if (all.length >= LIMIT) throw new Error(`${file}: ${all.length} rules; there must be fewer than ${LIMIT}`);
    this.#rules = all.map((rule) => ({
      ...rule,
      patterns: rule.cases.filter((c) => c.startsWith(`${suite}:`)).map((c) => ({ source: c, regex: new RegExp(`^(?:${c.slice(suite.length + 1)})$`), used: false })),
    }));
  }

  /** What the rules expect of a case, or null. */
  of(id) {
    let found = null;
    for (const rule of this.#rules) for (const pattern of rule.patterns) {
      if (!pattern.regex.test(id)) continue;
      if (found) throw new Error(`two rules name ${this.#suite}:${id}`);
      pattern.used = true;
      found = rule.expect;
    }
    return found;
  }

  /** A rule that names no case is an error, where all cases ran. */
  assertAllUsed() {
    const idle = this.#rules.flatMap((r) => r.patterns).filter((p) => !p.used).map((p) => p.source);
    if (idle.length) throw new Error(`rules that name no case: ${idle.join(', ')}`);
  }
}

/** What is wrong with a body that should be a Messages API error of a type, with a message that a person can use; '' if nothing. */
function checkErrorBody(text, type) {
  let body;
  try { body = JSON.parse(text); } catch { return `the error is not JSON: ${text.slice(0, 100)}`; }
  if (body.type !== 'error' || body.error?.type !== type) return `the error is ${text.slice(0, 120)} instead of ${type}`;
  return body.error.message?.length >= 20 ? '' : `the error says too little: "${body.error.message}"`;
}

/** An answer of the gateway's own: that status and error, as JSON. */
function checkErrorAnswer(status, type, res) {
  if (res.status !== status) return `status ${res.status || res.closed} instead of ${status}: ${res.body.toString('utf8', 0, 120)}`;
  const contentType = get(res.headers, 'content-type');
  return /^application\/json\b/.test(contentType ?? '') ? checkErrorBody(res.body.toString('utf8'), type) : `an error of content type ${contentType}`;
}

/** A refusal: nothing upstream, and the client is told. */
export function checkRefused({ status, error }, { res, reqs }) {
  return reqs.length ? `expected a refusal, but ${reqs.length} request(s) reached the upstream` : checkErrorAnswer(status, error, res);
}

/**
 * A stream that ends with an error event: complete in its framing, every event that the upstream had delivered,
 * and an error of that type last. Events are [name, data, ...] as an independent parser sees them.
 * Where the upstream broke before its first event, and nothing was passed on yet, a 502 with that error says the same.
 */
export function checkEndsWith({ event, error }, { res, reqs }, delivered, seen) {
  if (reqs.length !== 1) return `${reqs.length} requests upstream instead of 1`;
  if (!delivered.length && res.status === 502) return checkErrorAnswer(502, error, res);
  if (res.status !== 200) return `status ${res.status || res.closed} instead of 200`;
  if (!res.complete) return `the client's stream was cut (${res.closed})`;
  const last = seen.at(-1);
  if (last?.[0] !== event) return `the last event is ${JSON.stringify(last)?.slice(0, 100)} instead of ${event}`;
  const before = JSON.stringify(seen.slice(0, -1));
  if (before !== JSON.stringify(delivered)) return `events before the error: ${before.slice(0, 160)} instead of ${JSON.stringify(delivered).slice(0, 160)}`;
  return checkErrorBody(last[1], error);
}
