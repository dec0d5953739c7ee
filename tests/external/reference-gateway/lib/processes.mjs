// Programs of this suite: started with a log file, ended by process id.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { once } from 'node:events';

const STOP_MS = 10_000;

/** Starts a program with its output in `logFile`. `stop(signal)` ends it. */
export function start(command, args, { logFile, signal = 'SIGTERM', ...options }) {
  const log = fs.openSync(logFile, 'a');
  const child = spawn(command, args, { ...options, stdio: ['ignore', log, log] });
  fs.closeSync(log);
  let ended = null;
  child.on('error', (e) => { ended = e.message; });
  child.on('exit', (code, how) => { ended ??= `exit ${how ?? code}`; });
  const killAtExit = () => { if (ended === null) child.kill('SIGKILL'); };
  process.on('exit', killAtExit);
  return {
    get ended() { return ended; },
    async stop() {
      process.off('exit', killAtExit);
      if (ended !== null) return;
      const exit = once(child, 'exit');
      const hard = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      child.kill(signal);
      await exit;
      clearTimeout(hard);
    },
  };
}

/** Runs a program to its end and gives what it printed. */
export async function run(command, args, { input, ...options } = {}) {
  const child = spawn(command, args, options);
  let out = '';
  child.stdout.on('data', (data) => { out += data; });
  child.stderr.on('data', (data) => { out += data; });
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { code, out };
}
