// Starts the real SillyTavern (npm package `sillytavern`) on a port of 127.0.0.1, with a user of its own.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import YAML from 'yaml';

const START_MS = 400_000;   // the first start compiles the page; 20 s on an idle machine
const require = createRequire(import.meta.url);

/** `dir` gets config.yaml, data/ and st.log; a user who was there before is removed. */
export async function startSillyTavern({ dir, port }) {
  fs.mkdirSync(dir, { recursive: true });
  const configPath = path.join(dir, 'config.yaml');
  const dataRoot = path.join(dir, 'data');
  fs.rmSync(path.join(dataRoot, 'default-user'), { recursive: true, force: true });
  fs.writeFileSync(configPath, YAML.stringify({
    dataRoot,
    port,
    listen: false,
    browserLaunch: { enabled: false },
    whitelistMode: true,                 // its default is ::1 and 127.0.0.1, which is all we need
    disableCsrfProtection: true,
    securityOverride: true,
    enableDownloadableTokenizers: false, // nothing is fetched at run time
    enableServerPluginsAutoUpdate: false,
    extensions: { enabled: true, autoUpdate: false, models: { autoDownload: false } },
    backups: { chat: { enabled: false } },
  }));
  const entry = path.join(path.dirname(require.resolve('sillytavern/package.json')), 'server.js');
  const log = fs.openSync(path.join(dir, 'st.log'), 'w');
  const child = spawn(process.execPath, [entry, '--configPath', configPath, '--dataRoot', dataRoot, '--port', String(port), '--browserLaunchEnabled', 'false'],
    { cwd: dir, stdio: ['ignore', log, log], env: { ...process.env, NO_COLOR: '1' } });
  fs.closeSync(log);
  let exited = false;
  child.on('exit', () => { exited = true; });
  const killAtExit = () => { if (!exited) child.kill('SIGKILL'); };
  process.on('exit', killAtExit);

  const url = `http://127.0.0.1:${port}`;
  const t0 = Date.now();
  while (!(await answers(`${url}/version`))) {
    if (exited || Date.now() - t0 > START_MS) {
      killAtExit();
      throw new Error(`SillyTavern did not start, see ${path.join(dir, 'st.log')}`);
    }
    await new Promise((r) => setTimeout(r, 250));
  }
  return {
    url,
    startMs: Date.now() - t0,
    async stop() {
      process.off('exit', killAtExit);
      if (exited) return;
      const exit = once(child, 'exit');
      const hard = setTimeout(() => child.kill('SIGKILL'), 5000);
      child.kill('SIGTERM');
      await exit;
      clearTimeout(hard);
    },
  };
}

async function answers(url) {
  try {
    const answer = await fetch(url);
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}
