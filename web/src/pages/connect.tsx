import { useState } from 'preact/hooks';
import { get, post, segment, withQuery } from '../api/client.ts';
import type { Limit, ModelInfo, Overview, TestOffer, TestResult, UpstreamState } from '../api/contract.ts';
import { ended } from '../api/live.ts';
import { exact } from '../lib/money.ts';
import { href } from '../lib/route.ts';
import { Empty, Failure, Notice, Title, Waiting, When, modelName } from '../parts/basics.tsx';
import { useAction, useResource, useThrottled } from '../parts/resource.ts';

const STATES: Record<UpstreamState['state'], [kind: string, text: string]> = {
  connected: ['good', 'connected'],
  untried: ['quiet', 'not used yet'],
  failing: ['warn', 'failing'],
  open: ['bad', 'set aside'],
  needs_sign_in: ['warn', 'needs sign-in'],
  checking: ['quiet', 'being checked'],
  off: ['bad', 'switched off'],
};

export function UpstreamTag({ state }: { state: UpstreamState['state'] }) {
  const [kind, text] = STATES[state];
  return <span class={`tag ${kind}`} title={state === 'open' ? 'It failed again and again; it is tried again by and by' : undefined}>{kind === 'good' && <span aria-hidden="true">✓ </span>}{kind === 'bad' && <span aria-hidden="true">✕ </span>}{text}</span>;
}

export const modelsOf = (data: { models: ModelInfo[] } | ModelInfo[] | null): ModelInfo[] => (Array.isArray(data) ? data : data?.models ?? []);

export function Connect() {
  const { data, error, reload } = useResource<Overview>('overview?range=day');
  const models = useResource<{ models: ModelInfo[] } | ModelInfo[]>('models');
  useThrottled(ended.value, reload, 1500);
  return (
    <>
      <Title actions={<button type="button" class="small" onClick={reload}>Look again</button>}>Connect</Title>
      <Failure error={error} retry={reload} />
      {data?.notice && <Notice>{data.notice}</Notice>}
      {!data && !error && <section class="card"><Waiting rows={6} /></section>}
      {data?.upstreams.length === 0 && <section class="card"><Empty title="No upstream."><p>Set one in the <a href={href('settings', 'all')}>settings</a>; the <a href="/docs/providers.md">guide</a> shows how for each provider.</p></Empty></section>}
      <div class="tiles">{data?.upstreams.map((one) => <Upstream key={one.name} one={one} models={modelsOf(models.data)} />)}</div>
      <p class="dim small-text">Credentials never reach this page. Keys are set in the configuration file, the environment or the key store; <a href="/docs/providers.md">providers</a> and <a href="/docs/sign-in.md">sign-in</a> in the guide tell how.</p>
    </>
  );
}

function Upstream({ one, models }: { one: UpstreamState; models: ModelInfo[] }) {
  return (
    <section class="card upstream" aria-label={one.name}>
      <div class="card-head"><h2>{one.name}</h2><UpstreamTag state={one.state} /></div>
      <dl class="pairs">
        <div><dt>Kind</dt><dd>{one.kind}</dd></div>
        <div><dt>Address</dt><dd><code class="wrap">{one.origin}</code></dd></div>
        <div><dt>Credential</dt><dd>{one.credential}</dd></div>
        {one.remark && <div><dt>Program</dt><dd>{one.remark}</dd></div>}
        {one.limits?.map((limit) => <div key={limit.name}><dt>{limit.name.replaceAll('_', ' ')}</dt><dd><LimitText limit={limit} /></dd></div>)}
        {one.lastAnswer && <div><dt>Last answer</dt><dd><When at={one.lastAnswer} relative /></dd></div>}
        {one.lastError && <div><dt>Last error</dt><dd class="bad-text">{one.lastError}</dd></div>}
        {one.signIn && <div><dt>Sign-in</dt><dd>{one.signIn.text}</dd></div>}
      </dl>
      {one.signIn && (
        <p class="buttons">
          <a class={`button${one.signIn.signedIn ? '' : ' primary'}`} href={withReturn(one.signIn.url)}>{one.kind === 'claude_code' ? 'How to sign in' : one.signIn.signedIn ? 'Sign in anew' : 'Sign in'}</a>
          {one.signIn.signedIn && one.kind !== 'claude_code' && <a class="button" href="/auth/status">Sign out …</a>}
        </p>
      )}
      <TestCall upstream={one.name} models={models} />
    </section>
  );
}

function LimitText({ limit }: { limit: Limit }) {
  return <>{limit.used === null ? limit.status.replaceAll('_', ' ') : `${Math.round(limit.used * 100)} % used`}{limit.resets && <>, begins anew <When at={limit.resets} /></>}</>;
}

const withReturn = (url: string): string => (url.includes('return=') ? url : `${url}${url.includes('?') ? '&' : '?'}return=%2F`);

/** Two steps: what it would cost, then the call. */
function TestCall({ upstream, models }: { upstream: string; models: ModelInfo[] }) {
  const cheapest = [...models].sort((a, b) => a.input + a.output - b.input - b.output)[0]?.id ?? '';
  const [chosen, setChosen] = useState('');
  const [offer, setOffer] = useState<TestOffer | null>(null);
  const [result, setResult] = useState<TestResult | null>(null);
  const model = chosen || cheapest;
  const path = withQuery(`upstreams/${segment(upstream)}/test`, { model });
  const ask = useAction(async () => {
    setResult(null);
    setOffer(await get<TestOffer>(path));
  });
  const make = useAction(async () => {
    setResult(await post<TestResult>(path, { model }));
    setOffer(null);
  });
  return (
    <div class="test-call">
      <label><span>Test with</span>
        <select value={model} onChange={(e) => { setChosen(e.currentTarget.value); setOffer(null); setResult(null); }}>
          {models.map((one) => <option key={one.id} value={one.id}>{modelName(one.id)}</option>)}
        </select>
      </label>
      {!offer && <button type="button" class="small" disabled={ask.busy || model === ''} onClick={() => { void ask.run(); }}>{ask.busy ? 'Asking …' : 'Test …'}</button>}
      {offer && (
        <div class="offer">
          <p title={offer.most === null ? undefined : `At most ${exact(offer.most)}`}>{offer.text}</p>
          <p class="buttons"><button type="button" class="primary" disabled={make.busy} onClick={() => { void make.run(); }}>{make.busy ? 'Calling …' : 'Make the call'}</button><button type="button" disabled={make.busy} onClick={() => setOffer(null)}>Leave it</button></p>
        </div>
      )}
      <Failure error={ask.error ?? make.error} />
      {result && <Notice kind={result.ok ? 'good' : 'bad'}>{result.text}{result.row && <> <a href={href('requests', result.row.id)}>The request</a></>}</Notice>}
    </div>
  );
}
