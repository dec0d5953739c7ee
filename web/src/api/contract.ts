// What the gateway's own pages and the gateway tell each other, under /tuppence/api/. The C# side is src/Tuppence/Dashboard.
// Money is in nano-dollars (10^-9 USD), times are ISO 8601 in UTC, durations in microseconds unless a name says otherwise.
// Errors come in the Messages API's form: {"type":"error","error":{"type","message"}}.
// Every call that changes something is a POST, PUT or DELETE with content type application/json, from the page's own origin.

export type Money = number;

/** GET /tuppence/api/session. POST with {"key"} signs in (cookie: HttpOnly, SameSite=Strict), DELETE signs out. */
export interface Session {
  needsKey: boolean;
  signedIn: boolean;      // true as well where no key is needed
  version: string;
  content: boolean;       // whether the user allows content (titles, bodies) to be kept
  ledger: boolean;        // false: the ledger is off, figures begin at the start of the process
}

export interface Sum {
  group: string | null;
  requests: number;
  failed: number;
  unpriced: number;
  input: number;
  cacheRead: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  output: number;
  cost: Money;
  withoutCaching: Money;
  bound: Money;
}

/** GET /tuppence/api/overview?range=day|week|month (what the chart shows). */
export interface Overview {
  today: Sum;
  week: Sum;
  month: Sum;
  chart: { by: 'hour' | 'day'; sums: Sum[] };   // group: beginning of the hour or day
  upstreams: UpstreamState[];
  budgets: BudgetState[];
  connect: { url: string; sdkUrl: string; password: string; presets: { name: string; url: string; description: string | null }[] };
  notice: string | null;
}

export interface UpstreamState {
  name: string;
  kind: string;
  origin: string;
  state: 'connected' | 'untried' | 'failing' | 'open' | 'needs_sign_in' | 'checking' | 'off';   // open: its breaker is; the last two: of claude-code alone
  credential: string;          // in words
  signIn: { url: string; text: string; signedIn: boolean } | null;
  remark: string | null;       // of claude-code alone: how far its program is, and what is wrong
  limits: Limit[] | null;      // of claude-code alone, where its sign-in has some
  lastAnswer: string | null;
  lastError: string | null;
}

/** What the program said last of one window of its account's limits. */
export interface Limit {
  name: string;                // such as five_hour
  status: string;              // allowed, allowed_warning, rejected, or empty
  used: number | null;         // 0 to 1
  resets: string | null;
  at: string;                  // when it said so
}

export interface BudgetState {
  name: string;                // "in total", "key NAME", "preset NAME"
  scope: 'total' | 'key' | 'preset';
  of: string | null;
  period: 'day' | 'month';
  spent: Money;                // settled
  reserved: Money;             // of requests under way
  unpriced: number;            // requests whose price is not known: not in spent
  soft: Money | null;
  hard: Money | null;
  resets: string;
  since: string | null;        // the ledger is off, and it was counted from here on only
  state: 'within' | 'soft' | 'hard';
}

/** GET /tuppence/api/live: server-sent events. `hello` with Open[] first, then `began`, `advanced` (Open), `ended` (Row); `budgets` (BudgetState[]). */
export interface Open {
  id: string;
  at: string;
  kind: Kind;
  preset: string | null;
  key: string | null;
  client: string | null;
  model: string | null;
  upstream: string | null;
  conversation: string | null;
  answering: boolean;
  output: number;
  responseBytes: number;
}

export type Kind = 'message' | 'count_tokens' | 'batch_result' | 'keep_alive' | 'test' | 'other';
export type Outcome = 'completed' | 'client_left' | 'broken' | 'unreachable' | 'refused';
export type RunKind = 'read' | 'written_1h' | 'written_5m' | 'uncached' | 'missed' | 'not_written';   // not_written: sent before, but not written then, and nothing broke

export interface Run { kind: RunKind; tokens: number }

/** A row of the ledger: GET /tuppence/api/requests?before=ID&limit=100&q=WORDS&model=&upstream=&preset=&key=&conversation=&failed=true&from=&until= gives {"rows":Row[],"next":ID|null}. */
export interface Row {
  id: string;
  at: string;
  kind: Kind;
  outcome: Outcome;
  conversation: string | null;
  title: string | null;
  preset: string | null;
  key: string | null;
  client: string | null;
  upstream: string | null;
  platform: string | null;
  model: string | null;
  status: number | null;
  stream: boolean;
  stopReason: string | null;
  errorType: string | null;
  providerId: string | null;
  usage: Usage | null;
  cost: Cost | null;           // null with usage: the price is not known
  times: { queue: number; firstByte: number | null; total: number; own: number };
  retries: number;
  edits: string;
  turn: Turn | null;
  requestBytes: number;
  responseBytes: number;
}

export interface Usage {
  input: number;
  cacheRead: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  output: number;
  thinking: number | null;
  webSearches: number;
  webFetches: number;
  serviceTier: string | null;
  inferenceGeo: string | null;
  partial: boolean;
}

export interface Cost { input: Money; cacheRead: Money; cacheWrite: Money; output: Money; serverTools: Money; total: Money; withoutCaching: Money }

export interface Turn {
  number: number;
  level: string;
  planned: Money;
  bound: Money;
  cause: string;               // snake case of BreakCause: nothing, first, clock, random, lore, note, truncation, …
  causeText: string;           // in plain words
  brokenTokens: number;
  brokenCost: Money;
  strip: Run[];
}

/** GET /tuppence/api/requests/ID. Kept in memory only, for the latest requests: null where it is gone. */
export interface RequestDetail {
  row: Row;
  request: Head | null;
  response: Head | null;
  edits: { name: string; diff: DiffLine[] }[] | null;   // null: not kept
  bodies: { before: string; after: string; answer: string } | null;   // only where the user turned keeping bodies on
}

/** Secrets are masked before they leave the gateway. */
export interface Head { line: string; headers: [string, string][] }
export interface DiffLine { kind: 'same' | 'removed' | 'added'; text: string }

/** GET /tuppence/api/conversations?before=&limit=&q= gives {"conversations":Conversation[]}. */
export interface Conversation {
  id: string;
  title: string | null;
  model: string | null;
  client: string | null;
  since: string;
  latest: string;
  sum: Sum;
}

/** GET /tuppence/api/conversations/ID. PUT /tuppence/api/conversations/ID/level with {"level":NAME|null} tries another level; null goes back. */
export interface ConversationDetail {
  conversation: Conversation;
  turns: Row[];                // oldest first, those with a turn
  causes: { cause: string; text: string; turns: number; tokens: number; cost: Money }[];
  advice: { text: string; level: string | null; costPer100: Money; savingPer100: Money }[];
  level: string | null;        // the level chosen here, or null
  levels: { name: string; text: string; savingPer100: Money | null }[];   // projected saving against the present level; null: cannot be told
}

/** GET /tuppence/api/upstreams/NAME/test?model=ID tells what a test call would cost; POST makes it. */
export interface TestOffer { upstream: string; model: string; most: Money | null; text: string }
export interface TestResult { ok: boolean; text: string; row: Row | null }

/**
 * GET /tuppence/api/settings. POST {"version", "changes":[{"path","value"|null}]} validates and writes the configuration file without losing
 * its comments or order; POST /tuppence/api/settings/check does all but write; POST /tuppence/api/settings/undo takes the latest change back.
 */
export interface Settings {
  version: string;             // of the file, to notice that somebody else changed it
  file: string;                // shown, not secret
  settings: Setting[];
  changes: { at: string; text: string }[];   // newest first, can be undone
}

export interface Setting {
  path: string;                // "cache.level"
  group: string;
  text: string;                // what it does
  value: unknown;              // as written; secrets as "set" or null
  default: string;
  range: string | null;
  choices: string[] | null;
  origin: string;              // "default", "file", "environment", "flag"
  editable: boolean;           // false where a flag or the environment decides, or it needs a restart
  secret: boolean;
}

export interface SettingsResult { ok: boolean; version: string; errors: { path: string | null; text: string }[] }

/** GET /tuppence/api/presets gives {"presets":PresetInfo[]}; GET, PUT, DELETE /tuppence/api/presets/NAME; GET …/NAME/history; POST …/NAME/try. */
export interface PresetInfo { name: string; description: string | null; url: string; shipped: boolean; cost: Sum | null }
export interface Preset extends PresetInfo { text: string; version: string }   // text: the JSON file
export interface PresetVersion { version: string; at: string; text: string }
/** Body of try: {"text": the preset, "request": a Messages request}. Nothing is sent upstream. */
export interface PresetTry { before: string; after: string; diff: DiffLine[]; errors: string[] }

/** GET /tuppence/api/models: for the playground. */
export interface ModelInfo { id: string; input: Money; output: Money; maxOutput: number }   // nano-dollars a token

/** GET /tuppence/api/export?format=csv|jsonl|parquet&from=&until=: a download. */
export type ExportFormat = 'csv' | 'jsonl' | 'parquet';
