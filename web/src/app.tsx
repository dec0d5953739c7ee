import { useEffect, useRef, useState } from 'preact/hooks';
import { call, loadSession, message, session } from './api/client.ts';
import { connection, follow } from './api/live.ts';
import { href, route } from './lib/route.ts';
import { Failure, Notice, Waiting } from './parts/basics.tsx';
import { ThemeButton } from './parts/theme.tsx';
import { Connect } from './pages/connect.tsx';
import { ConversationPage } from './pages/conversation.tsx';
import { Conversations } from './pages/conversations.tsx';
import { Overview } from './pages/overview.tsx';
import { Playground } from './pages/playground.tsx';
import { PresetPage } from './pages/preset.tsx';
import { RequestPage } from './pages/request.tsx';
import { Requests } from './pages/requests.tsx';
import { SettingsPage } from './pages/settings.tsx';
import { SignIn } from './pages/signin.tsx';

const PAGES: [page: string, name: string][] = [
  ['', 'Overview'], ['conversations', 'Conversations'], ['requests', 'Requests'], ['connect', 'Connect'], ['settings', 'Settings'], ['playground', 'Playground'],
];

export function App() {
  const [error, setError] = useState<Error | null>(null);
  const load = () => loadSession().then(() => setError(null), (e: unknown) => setError(new Error(message(e))));
  useEffect(() => { void load(); }, []);
  const now = session.value;
  if (!now) return <div class="alone">{error ? <Failure error={error} retry={load} /> : <Waiting rows={3} />}</div>;
  return now.signedIn ? <Shell /> : <SignIn done={load} />;
}

function Shell() {
  useEffect(follow, []);
  const { page, rest } = route.value;
  const where = [page, ...rest].join('/');
  const first = useRef(true);
  useEffect(() => {
    document.title = `${PAGES.find(([name]) => name === page)?.[1] ?? 'Not found'} · Tuppence`;
    if (first.current) {
      first.current = false;
      return;
    }
    window.scrollTo(0, 0);
    document.getElementById('title')?.focus({ preventScroll: true });
  }, [where]);

  return (
    <>
      <a class="skip" href="#title" onClick={(e) => { e.preventDefault(); document.getElementById('title')?.focus(); }}>Skip to the content</a>
      <header class="top">
        <a class="brand" href={href()}><img src="/favicon.svg" alt="" width="26" height="26" />Tuppence</a>
        <nav aria-label="Pages">
          {PAGES.map(([name, text]) => <a key={name} href={name ? href(name) : '#/'} aria-current={name === page ? 'page' : undefined}>{text}</a>)}
        </nav>
        <div class="top-end">
          <Connection />
          <ThemeButton />
          {session.value?.needsKey && <button type="button" class="small" onClick={() => { void call('DELETE', 'session').catch(() => {}).then(loadSession); }}>Sign out</button>}
        </div>
      </header>
      <main key={where}><Page page={page} rest={rest} /></main>
      <footer><span>Tuppence {session.value?.version}</span><a href="/docs/">Guide</a><a href="/health">Health</a></footer>
    </>
  );
}

function Page({ page, rest }: { page: string; rest: string[] }) {
  const [one, two] = rest;
  switch (page) {
    case '': return <Overview />;
    case 'conversations': return one ? <ConversationPage id={one} /> : <Conversations />;
    case 'requests': return one ? <RequestPage id={one} /> : <Requests />;
    case 'connect': return <Connect />;
    case 'settings': return one === 'presets' && two !== undefined ? <PresetPage name={two} /> : <SettingsPage tab={one ?? 'levels'} />;
    case 'playground': return <Playground />;
    default: return <><h1 id="title" tabIndex={-1}>No such page</h1><Notice>There is nothing at this address. <a href="#/">To the overview</a></Notice></>;
  }
}

const CONNECTION = { connecting: 'connecting', live: 'live', lost: 'connection lost', paused: 'paused' } as const;

function Connection() {
  const state = connection.value;
  return <span class={`connection ${state}`} role="status" title={state === 'lost' ? 'The gateway does not answer; trying again' : 'What happens is shown as it happens'}><span class="dot" aria-hidden="true" />{CONNECTION[state]}</span>;
}
