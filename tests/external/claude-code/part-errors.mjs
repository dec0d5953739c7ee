// Errors of the API, of the sign-in and of the program: the right status and type, and words that say what to do.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../lib/until.mjs';
import { startScene } from './lib/scene.mjs';
import { realProgram } from './lib/program.mjs';
import { exchange } from './part-shapes.mjs';

const ask = (scenario, members = {}) => ({ model: 'claude-sonnet-4-5', max_tokens: 2048, stream: true, messages: [{ role: 'user', content: `What now? [scn:${scenario}]` }], ...members });

/** scenario -> status, type, a form of the message. */
const OF_THE_API = {
  e400: [400, 'invalid_request_error', /something is wrong with it/],
  e401: [401, 'authentication_error', /key|sign|log/i],
  e403: [403, 'permission_error', /this workspace may not/],
  e404: [404, 'not_found_error', /model/],
  e413: [413, 'request_too_large', /large|size/i],
  e429: [429, 'rate_limit_error', /too many|limit|429/i],
  e500: [500, 'api_error', /./],
  e529: [529, 'overloaded_error', /overloaded/i],
};

const said = ({ response, json, events }) => `${response.status} ${JSON.stringify(json ?? events?.slice(-2))}`.slice(0, 500);

export async function apiErrors({ book, scene, api }) {
  for (const [scenario, [status, type, form]] of Object.entries(OF_THE_API)) {
    for (const stream of ['e401', 'e429', 'e529'].includes(scenario) ? [true, false] : [true]) {
      await book.case(`errors/${scenario.slice(1)} of the API, ${stream ? 'streamed' : 'whole'}`, async () => {
        const answer = await exchange(scene, api, ask(scenario, { stream }));
        const { error } = answer.json ?? {};
        if (answer.response.status !== status || error?.type !== type || !form.test(error.message)) return said(answer);
        if (/API Error: \d|<synthetic>|\/login\b/.test(error.message)) return `the program's own words: ${error.message}`;
        return answer.arrived.length <= 3 ? '' : `${answer.arrived.length} requests`;
      });
    }
  }
  await book.case('errors/429 tells when to come again', async () => {
    const { response } = await exchange(scene, api, ask('e429'));
    const after = Number(response.headers.get('retry-after'));
    return after >= 6 && after <= 10 ? '' : `retry-after: ${response.headers.get('retry-after')} where the API said 7`;
  });
  await book.case('errors/more than may run and wait: 529 at once, and the others are answered', async () => {
    await scene.idle();
    const from = api.messages.length;
    const answers = await Promise.all(Array.from({ length: 8 }, async () => {
      const response = await scene.post(ask('text', { stream: false }));
      return { status: response.status, after: response.headers.get('retry-after'), json: await response.json() };
    }));
    const busy = answers.filter((one) => one.status === 529 && one.json.error.type === 'overloaded_error' && one.after);
    const answered = answers.filter((one) => one.status === 200 && one.json.stop_reason === 'end_turn');
    return busy.length === 2 && answered.length === 6 && api.messages.length - from === 6 ? '' : JSON.stringify(answers.map((one) => [one.status, one.after, one.json.error]));
  });
  for (const [scenario, type] of [['midstream', /overloaded_error/], ['cut', /api_error|overloaded_error/]]) {
    await book.case(`errors/${scenario}: the stream has what came, and an error event at its end`, async () => {
      const answer = await exchange(scene, api, ask(scenario));
      const last = answer.events?.at(-1);
      const deltas = answer.events?.filter((event) => event.type === 'content_block_delta').length;
      return answer.response.status === 200 && last?.type === 'error' && type.test(last.error.type) && deltas >= 2 && !answer.events.some((event) => event.type === 'message_stop') && answer.arrived.length === 1 ? '' : `${said(answer)} ${answer.arrived.length} requests`;
    });
    await book.case(`errors/${scenario}, whole answer: an error, not a part of it`, async () => {
      const answer = await exchange(scene, api, ask(scenario, { stream: false }));
      return answer.response.status >= 500 && type.test(answer.json?.error?.type) ? '' : said(answer);
    });
  }
}

const standIn = path.join(path.dirname(fileURLToPath(import.meta.url)), 'lib', 'stand-in.mjs');

/** The real program wherever Tuppence asks about it or tests it (the self-test sets an address of its own), the stand-in for answers. */
const insteadOfAnswers = (behaviour) => [
  `case "$*" in *--input-format*) ;; *) exec '${realProgram()}' "$@" ;; esac`,
  `case "$ANTHROPIC_BASE_URL" in *:9) exec '${process.execPath}' '${standIn}' '${behaviour}' ;; esac`,
  `exec '${realProgram()}' "$@"`,
].join('\n');

// Nobody listens there; the stand-in does not ask.
const NOWHERE = 'http://127.0.0.1:9';

/** behaviour -> status and type, or the type of the event that ends the stream. */
const MISBEHAVIOURS = {
  'hangs at once': [504, 'timeout_error|api_error'],
  'hangs in mid-stream': [200, 'timeout_error|api_error'],
  'dies at once': [502, 'api_error'],
  'dies in mid-stream': [200, 'api_error'],
  'floods one line': [502, 'api_error'],
  'floods lines': [502, 'api_error|timeout_error'],
  'floods its standard error': [504, 'timeout_error|api_error'],
  'floods an event': [200, 'api_error'],
  'writes a line that is no JSON, and hangs': [504, 'timeout_error|api_error'],
};

export async function programErrors({ book, binary, dir }) {
  const open = (name, options) => startScene({ binary, dir: path.join(dir, name), baseUrl: NOWHERE, ready: false, ...options });
  const none = { messages: [] };

  const refusal = (name, options, stage, status, type, form) => book.case(`program/${name}`, async () => {
    const scene = await open(name.replaceAll(' ', '-'), options);
    try {
      const state = await scene.ready(stage);
      const answer = await exchange(scene, none, ask('text'));
      const { error } = answer.json ?? {};
      if (answer.response.status !== status || error?.type !== type || !form.test(error.message)) return `${said(answer)} ${JSON.stringify(state)}`;
      if (!form.test(state.text)) return `the status page: ${JSON.stringify(state)}`;
      const log = fs.readFileSync(scene.gateway.logFile, 'utf8');
      return form.test(log) ? '' : `the log: ${log.slice(-400)}`;
    } finally {
      await scene.stop();
    }
  });
  await refusal('not signed in', { wrapper: { key: null } }, 'not_signed_in', 401, 'authentication_error', /auth login/);
  await refusal('missing', { claude: { program: path.join(dir, 'nowhere', 'claude') } }, 'switched_off', 503, 'api_error', /nowhere/);
  await refusal('too old', { wrapper: { instead: `echo '2.0.14 (Claude Code)'` } }, 'switched_off', 503, 'api_error', /2\.0\.14/);
  await refusal('behaves otherwise', { wrapper: { instead: `case "$*" in *--input-format*) exec '${realProgram()}' "$@" --append-system-prompt 'And rhyme.' ;; *) exec '${realProgram()}' "$@" ;; esac` } }, 'switched_off', 503, 'api_error', /self-test|expected|otherwise/i);

  for (const [behaviour, [status, types]] of Object.entries(MISBEHAVIOURS)) {
    await book.case(`program/${behaviour}`, async () => {
      const scene = await open(behaviour.replaceAll(' ', '-'), {
        wrapper: { instead: insteadOfAnswers(behaviour) }, config: { timeouts: { response_headers_seconds: 2, idle_seconds: 2 } },
      });
      try {
        await scene.ready();
        const before = memoryOf(scene.gateway.pid);
        const started = performance.now();
        const answer = await exchange(scene, none, ask('text'));
        const seconds = (performance.now() - started) / 1000;
        const error = answer.json?.error ?? answer.events?.at(-1)?.error;
        if (answer.response.status !== status || !new RegExp(`^(${types})$`).test(error?.type) || !error.message) return said(answer);
        if (seconds > 12) return `${seconds.toFixed(1)} s`;
        if (/x{50}|y{50}|z{50}|w{50}/.test(error.message)) return `the flood in the message: ${error.message.slice(0, 100)}`;
        const grown = memoryOf(scene.gateway.pid) - before;
        if (grown > 150) return `${grown} MB more than before`;
        await until('end of the program', () => scene.programs().filter(({ command }) => command.includes(standIn)).length <= 1, 5000);
        return fs.statSync(scene.gateway.logFile).size < 200_000 ? '' : 'the flood is in the log';
      } finally {
        await scene.stop();
      }
    });
  }
}

/** Peak memory of a process in MB. */
const memoryOf = (pid) => Math.round(Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
