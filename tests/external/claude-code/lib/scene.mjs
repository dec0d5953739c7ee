// The whole row: a client, Tuppence, the real program, a fake of the API. Each scene has a home, a folder for temporary files and a state of its own.
import fs from 'node:fs';
import path from 'node:path';
import { startGateway } from '../../lib/gateway.mjs';
import { until } from '../../lib/until.mjs';
import { writeWrapper } from './program.mjs';

export const CLIENT_KEY = 'sk-client-key';

/**
 * @param {object} o
 * @param {string} o.binary    the gateway
 * @param {string} o.dir       folder of the scene, made anew
 * @param {string} o.baseUrl   where the program is pointed
 * @param {object} [o.config]  further members of tuppence.json
 * @param {object} [o.claude]  further members of claude_code
 * @param {object} [o.wrapper] see writeWrapper
 */
export async function startScene({ binary, dir, baseUrl, config = {}, claude = {}, wrapper = {}, env = {}, before = [], ready = true }) {
  fs.rmSync(dir, { recursive: true, force: true });
  const folders = Object.fromEntries(['home', 'tmp', 'gateway'].map((name) => [name, path.join(dir, name)]));
  for (const folder of Object.values(folders)) fs.mkdirSync(folder, { recursive: true });
  const program = writeWrapper(path.join(dir, 'claude'), { baseUrl, ...wrapper });
  const start = () => startGateway({
    binary,
    dir: folders.gateway,
    before,
    config: { upstream: 'claude-code', claude_code: { enabled: true, program, ...claude }, retry: { max_retries: 0 }, ...config },
    env: { HOME: folders.home, TMPDIR: folders.tmp, ...env },
  });
  const scene = {
    ...folders,
    dir,
    program,
    gateway: await start(),
    get url() { return this.gateway.url; },
    /** After a kill. */
    async restart({ ready: wait = true } = {}) {
      this.gateway = await start();
      if (wait) await this.ready();
    },
    /** What the status page says of the program. */
    state: async () => (await (await fetch(`${scene.url}/auth/status?format=json`)).json()).claude_code,
    /** Waits until it has been looked at, and no longer. */
    ready: (stage = 'ready') => until(`program that is ${stage}`, async () => {
      const state = await scene.state();
      if (state && !['checking', stage].includes(state.state)) throw new Error(`the program is ${JSON.stringify(state)}`);
      return state?.state === stage && state;
    }),
    /** Processes that Tuppence started, and what those started: by the folder for temporary files, which all of them are given. */
    processes: () => processesWith(`TMPDIR=${folders.tmp}`).filter(({ pid }) => pid !== scene.gateway.pid),
    /** Of those the programs, without what watches over them. */
    programs: () => scene.processes().filter(({ command }) => !command.startsWith('/bin/sh -c ')),
    /** Waits until a spare is there and nothing else. */
    idle: () => until('idle gateway with a spare', () => {
      const running = scene.programs();
      return running.length === 1 && running[0].command.includes('--input-format') && running[0].age > 1000;
    }),
    post: (body, { headers = {}, signal, route = '/v1/messages' } = {}) => fetch(scene.url + route, {
      method: 'POST', signal, body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': CLIENT_KEY, ...headers },
    }),
    async stop() {
      await scene.gateway.stop();
    },
  };
  if (ready) await scene.ready();
  return scene;
}

const TICKS = 100; // of a second, the kernel's USER_HZ

/** Running processes whose environment holds the line. `age` in ms. */
export function processesWith(line) {
  const up = Number(fs.readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      if (!fs.readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(line)) return [];
      const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
      const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z') return [];
      const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
      return [{ pid: Number(pid), parent: Number(parent), command, age: Math.round((up - Number(rest[17]) / TICKS) * 1000) }];
    } catch {
      return []; // gone meanwhile
    }
  });
}

/** The events of a stream, and how it ended: `complete`, or what went wrong. */
export async function readStream(response, { each = () => {} } = {}) {
  const events = [];
  let rest = '';
  let end = 'complete';
  try {
    for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
      const pieces = (rest + part).split('\n\n');
      rest = pieces.pop();
      for (const piece of pieces) {
        const data = /^data: (.*)$/m.exec(piece)?.[1];
        if (!data) continue;
        const event = JSON.parse(data);
        events.push(event);
        each(event);
      }
    }
  } catch (e) {
    end = e.cause?.code ?? e.name;
  }
  return { events, end };
}

/** What an x-tuppence-edits header says was done: name -> words. */
export function editsOf(response) {
  const header = response.headers.get('x-tuppence-edits') ?? '';
  return Object.fromEntries([...header.matchAll(/([\w:.-]+)(?:;did=(?:"((?:[^"\\]|\\.)*)"|(%"[^"]*")))?(?:, |$)/g)].map((m) => [m[1], m[2] ?? m[3] ?? '']));
}
