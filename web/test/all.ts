import './money.test.ts';
import './numbers.test.ts';
import './strip.test.ts';
import './values.test.ts';
import './slots.test.ts';
import './sse.test.ts';
import './time.test.ts';
import './route.test.ts';
