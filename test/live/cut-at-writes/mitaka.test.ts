import { cutAtEveryWrite } from '../../support/cut-at-writes.ts';

cutAtEveryWrite('mitaka');
