import { useState } from 'preact/hooks';
import { post } from '../api/client.ts';
import { Field } from '../parts/basics.tsx';
import { useAction } from '../parts/resource.ts';

export function SignIn({ done }: { done: () => Promise<void> }) {
  const [key, setKey] = useState('');
  const action = useAction(async () => {
    await post('session', { key: key.trim() });
    await done();
  });
  return (
    <main class="alone">
      <form class="card sign-in" onSubmit={(e) => { e.preventDefault(); void action.run(); }}>
        <h1><img src="/favicon.svg" alt="" width="32" height="32" /> Tuppence</h1>
        <p>This gateway has keys. Enter one of them to see and change things.</p>
        <Field id="key" label="Gateway key" error={action.error?.message} hint={<>One of <code>gateway_keys</code> in the configuration; in SillyTavern it is the “Proxy Password”.</>}>
          <input id="key" type="password" autoComplete="current-password" required autoFocus value={key} onInput={(e) => { setKey(e.currentTarget.value); action.clear(); }} aria-describedby={action.error ? 'key-error' : 'key-hint'} aria-invalid={action.error !== null} />
        </Field>
        <button class="primary" disabled={action.busy || key.trim() === ''}>{action.busy ? 'Signing in …' : 'Sign in'}</button>
      </form>
    </main>
  );
}
