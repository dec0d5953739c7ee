// A PostgreSQL server of the test's own, from Debian's package, with its data in the test's folder.
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { run, start } from './processes.mjs';
import { until } from '../../lib/until.mjs';

const HOME = '/usr/lib/postgresql';

export async function startPostgres(dir, port) {
  const version = fs.existsSync(HOME) && fs.readdirSync(HOME).sort((a, b) => a - b).at(-1);
  if (!version) throw new Error('PostgreSQL is missing: apt-get install postgresql');
  const bin = path.join(HOME, version, 'bin');
  const data = path.join(dir, 'data');
  fs.mkdirSync(dir, { recursive: true });
  // The server refuses to run as root; Debian's package brings a user for it.
  const who = process.getuid() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (who.uid) {
    fs.chownSync(dir, who.uid, who.gid);
    // Its user must be able to walk to the folder.
    for (let up = path.dirname(dir); up !== '/'; up = path.dirname(up)) fs.chmodSync(up, fs.statSync(up).mode | 0o011);
  }
  const options = { ...who, cwd: dir, env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' } };
  const made = await run(path.join(bin, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'gw', '--no-sync'], options);
  if (made.code !== 0) throw new Error(`initdb: ${made.out}`);
  const server = start(path.join(bin, 'postgres'), ['-D', data, '-p', port, '-h', '127.0.0.1', '-k', dir, '-c', 'fsync=off'],
    { ...options, logFile: path.join(dir, 'postgres.log'), signal: 'SIGINT' });
  const psql = (database, sql) => run('psql', ['-h', '127.0.0.1', '-p', port, '-U', 'gw', '-d', database, '-qtc', sql]);
  await until('PostgreSQL', async () => {
    if (server.ended) throw new Error(`PostgreSQL: ${server.ended}`);
    return (await psql('postgres', 'select 1')).code === 0;
  });
  await psql('postgres', 'create database gateway');
  return { url: `postgres://gw@127.0.0.1:${port}/gateway`, stop: () => server.stop() };
}

const idOf = (kind) => Number(execFileSync('id', [kind, 'postgres']));
