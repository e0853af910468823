import { compareWith } from './compare-with.ts';

compareWith('27', { seed: 27, cases: 500 });
