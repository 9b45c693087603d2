import { runSuite } from './bundle.ts';

await runSuite('js');
