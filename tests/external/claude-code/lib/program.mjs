// The real program, out of its npm package, and the wrapper by which the test alone points it at a fake of the API.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

/** The unmodified program. */
export function realProgram() {
  if (process.env.CLAUDE) return process.env.CLAUDE;
  const platform = `@anthropic-ai/claude-code-${process.platform}-${process.arch}/package.json`;
  return path.join(path.dirname(createRequire(import.meta.url).resolve(platform)), 'claude');
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * A program for `claude_code.program` that becomes the real one, with the environment of a person who has pointed it somewhere and has a key.
 * Both only where they are unset, so that Tuppence's own self-test keeps what it sets.
 * @param {object} o  `instead`: shell lines to run in place of the real program; `key`: null for a person who is not signed in
 */
export function writeWrapper(file, { baseUrl, key = 'sk-ant-dummy', more = {}, instead = null }) {
  const lines = [
    '#!/bin/sh',
    `export ANTHROPIC_BASE_URL="\${ANTHROPIC_BASE_URL:-${baseUrl}}"`,
    ...(key ? [`export ANTHROPIC_API_KEY="\${ANTHROPIC_API_KEY:-${key}}"`] : []),
    ...Object.entries(more).map(([name, value]) => `export ${name}=${quoted(value)}`),
    instead ?? `exec ${quoted(realProgram())} "$@"`,
  ];
  fs.writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o755 });
  return file;
}
