import { cutAtEveryWrite } from '../../support/cut-at-writes.ts';

cutAtEveryWrite('2012.1');
