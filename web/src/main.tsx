import { render } from 'preact';
import { App } from './app.tsx';
import { applyTheme } from './parts/theme.tsx';
import './style/base.css';
import './style/parts.css';
import './style/pages.css';

applyTheme();
render(<App />, document.getElementById('app')!);
