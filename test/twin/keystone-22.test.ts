import { compareWith } from './compare-with.ts';

compareWith('22', { seed: 22, cases: 1500 });
