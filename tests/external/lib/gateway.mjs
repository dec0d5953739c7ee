// Starts the gateway under test with a configuration of its own and ends it by its process id.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { once } from 'node:events';

const START_MS = 20_000;
const STOP_MS = 10_000;

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * @param {object} o
 * @param {string} o.binary  the native program, or a .dll that `dotnet` runs
 * @param {string} o.dir     folder for tuppence.json and gateway.log
 * @param {object} o.config  members of tuppence.json beside host and port
 * @param {object} [o.env]   further environment variables
 * @param {string[]} [o.before]  a program with its arguments that runs it, such as a tracer
 */
export async function startGateway({ binary, dir, config, env = {}, before = [] }) {
  fs.mkdirSync(dir, { recursive: true });
  const port = await freePort();
  const configFile = path.join(dir, 'tuppence.json');
  // Most suites compare bytes. One that is about the prompt cache says its level.
  fs.writeFileSync(configFile, JSON.stringify({ host: '127.0.0.1', port, cache: { level: 'off' }, ...config }, null, 2));
  return start({ binary, dir, port, name: 'gateway', args: ['--config', configFile], page: '/health', env, before });
}

/** Starts the emulator alone, without pacing. */
export async function startEmulator({ binary, dir }) {
  fs.mkdirSync(dir, { recursive: true });
  const port = await freePort();
  return start({ binary, dir, port, name: 'emulator', args: ['emulate', '--host', '127.0.0.1', '--port', String(port), '--no-pacing'], page: '/emulator/bill', env: {} });
}

async function start({ binary, dir, port, name, args: own, page, env: added, before = [] }) {
  const logFile = path.join(dir, `${name}.log`);
  const program = path.resolve(binary);
  const [command, ...args] = [...before, ...(program.endsWith('.dll') ? ['dotnet', program] : [program])];
  const log = fs.openSync(logFile, 'w');
  // Credentials of the person who runs the tests must not reach the gateway under test.
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TUPPENCE_|ANTHROPIC_|AWS_|GOOGLE_|GCE_|AZURE_|IDENTITY_)/.test(name))),
    TUPPENCE_STATE_DIRECTORY: path.join(dir, 'state'),
    TUPPENCE_USE_KEY_STORE: 'false',
    ...added,
  };
  const child = spawn(command, [...args, ...own], { cwd: dir, env, stdio: ['ignore', log, log] });
  fs.closeSync(log);

  let ended = null;
  child.on('error', (e) => { ended = e.message; });
  child.on('exit', (code, signal) => { ended ??= `exit ${signal ?? code}`; });
  // What runs the program would end alone, and leave it behind.
  const signal = (name) => {
    try {
      for (const pid of before.length ? fs.readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ').filter(Boolean) : []) process.kill(Number(pid), name);
    } catch {
      // It has ended meanwhile.
    }
    if (!before.length || name === 'SIGKILL') child.kill(name);
  };
  const killAtExit = () => { if (ended === null) signal('SIGKILL'); };
  process.on('exit', killAtExit);

  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_MS;
  while (!(await healthy(url + page))) {
    if (ended !== null || Date.now() > deadline) {
      killAtExit();
      const tail = fs.readFileSync(logFile, 'utf8').trim().split('\n').slice(-15).join('\n');
      throw new Error(`the ${name} did not answer ${url}${page} (${ended ?? `${START_MS / 1000} s`}):\n${tail}`);
    }
    await new Promise((r) => setTimeout(r, 50));
  }

  return {
    url,
    port,
    logFile,
    /** How the process ended, or null while it runs. */
    get ended() { return ended; },
    /** Of the program, or of what runs it. */
    pid: child.pid,
    /** SIGKILL; comes back when it is gone. */
    async kill() {
      process.off('exit', killAtExit);
      if (ended !== null) return;
      const exit = once(child, 'exit');
      signal('SIGKILL');
      await exit;
    },
    /** SIGTERM, then SIGKILL if it lingers. */
    async stop() {
      process.off('exit', killAtExit);
      if (ended !== null) return;
      const exit = once(child, 'exit');
      const hard = setTimeout(() => signal('SIGKILL'), STOP_MS);
      signal('SIGTERM');
      await exit;
      clearTimeout(hard);
    },
  };
}

async function healthy(page) {
  try {
    const answer = await fetch(page, { signal: AbortSignal.timeout(2000) });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}

// Keys of Anthropic's form, a value behind an authorization scheme, a JSON Web Token, an AWS signature.
const CREDENTIAL = /sk-ant-[\w-]{4,}|(?:Bearer|Basic) [\w+/.~-]{8,}|eyJ[\w-]{8,}\.[\w-]+\.|Signature=[0-9a-f]{16,}/;

/** What in a gateway's log looks like a credential, or ''. `secrets`: values that must not be there whatever their form. */
export function leakIn(logFile, secrets = []) {
  const log = fs.readFileSync(logFile, 'utf8');
  const secret = secrets.find((value) => log.includes(value));
  return secret ? 'a secret of this test' : CREDENTIAL.exec(log)?.[0] ?? '';
}

/** Runs `end` once when the process is interrupted, then exits; 'exit' handlers run as well. */
export function onInterrupt(end) {
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
    process.once(signal, async () => {
      await Promise.race([end(), new Promise((r) => setTimeout(r, STOP_MS))]).catch(() => {});
      process.exit(code);
    });
  }
}
