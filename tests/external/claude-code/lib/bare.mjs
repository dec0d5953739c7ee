// The program driven by hand, without Tuppence: what it adds by itself, and what Tuppence's times are held against.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { realProgram } from './program.mjs';

const ARGUMENTS = [
  '-p', '--verbose', '--output-format', 'stream-json', '--input-format', 'stream-json', '--include-partial-messages',
  '--safe-mode', '--setting-sources=', '--strict-mcp-config', '--tools=', '--no-session-persistence', '--max-turns', '1',
  '--thinking-display', 'summarized',
];

/** One process of the program, told nothing yet. */
export class Bare {
  #waiting = [];
  #rest = '';
  lines = [];

  /** @param {object} o  `home`, `cwd`: fresh folders; `baseUrl`: a fake of the API */
  constructor({ home, cwd, baseUrl, env = {} }) {
    this.child = spawn(realProgram(), ARGUMENTS, {
      cwd,
      env: {
        PATH: '/usr/bin:/bin', HOME: home, LANG: 'C.UTF-8', ANTHROPIC_BASE_URL: baseUrl, ANTHROPIC_API_KEY: 'sk-ant-dummy',
        DISABLE_AUTOUPDATER: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_TELEMETRY: '1',
        CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK: '1', CLAUDE_CODE_MAX_RETRIES: '1', API_TIMEOUT_MS: '600000', DISABLE_COMPACT: '1',
        CLAUDE_CODE_DISABLE_ATTACHMENTS: '1', ENABLE_CLAUDEAI_MCP_SERVERS: 'false', CLAUDE_AGENT_SDK_CLIENT_APP: 'bare/1',
        CLAUDE_AGENT_SDK_MCP_NO_PREFIX: '1', ENABLE_TOOL_SEARCH: 'false', ...env,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.err = '';
    this.child.stdin.on('error', () => {});
    this.child.stderr.on('data', (data) => { this.err += data; });
    this.child.stdout.setEncoding('utf8').on('data', (data) => this.#read(data));
    this.child.on('close', () => { for (const waiter of this.#waiting.splice(0)) waiter.reject(new Error(`the program ended: ${this.err.slice(-300)}`)); });
  }

  #read(data) {
    const parts = (this.#rest + data).split('\n');
    this.#rest = parts.pop();
    for (const part of parts.filter(Boolean)) {
      const line = JSON.parse(part);
      this.lines.push(line);
      for (const waiter of [...this.#waiting]) {
        if (!waiter.wanted(line)) continue;
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        waiter.resolve(line);
      }
    }
  }

  send(line) { this.child.stdin.write(`${JSON.stringify(line)}\n`); }

  /** The next line that is wanted. */
  next(wanted) { return new Promise((resolve, reject) => this.#waiting.push({ wanted, resolve, reject })); }

  async control(request) {
    const id = randomUUID();
    const answered = this.next((line) => line.type === 'control_response' && line.response?.request_id === id);
    this.send({ type: 'control_request', request_id: id, request });
    return answered;
  }

  /** Tells it all of a request of the Messages API, up to the turn that asks. Comes back once that is written. */
  async ask({ system, messages, model, max_tokens, output_config: output }) {
    const env = { CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(max_tokens) };
    const settings = { model, ...(output?.effort ? { effortLevel: output.effort } : {}), env };
    const set = this.control({ subtype: 'apply_flag_settings', settings });
    const initialized = this.control({ subtype: 'initialize', systemPrompt: (system ?? []).map((block) => block.text) });
    await Promise.all([set, initialized]);
    for (const [i, message] of messages.entries()) {
      if (message.role === 'assistant') {
        this.send({
          type: 'assistant', parent_tool_use_id: null, session_id: '',
          message: {
            id: `msg_history_${i}`, type: 'message', role: 'assistant', model, content: message.content, stop_reason: 'end_turn',
            stop_sequence: null, usage: { input_tokens: 1, output_tokens: 1 },
          },
        });
        continue;
      }
      const last = i === messages.length - 1;
      const acknowledged = last ? null : this.next((line) => line.type === 'result');
      this.send({
        type: 'user', message, parent_tool_use_id: null, session_id: '', client_composed: true,
        ...(last ? {} : { shouldQuery: false, uuid: randomUUID() }),
      });
      await acknowledged;
    }
  }

  async kill() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const closed = once(this.child, 'close');
    this.child.kill('SIGKILL');
    await closed;
  }
}
