import { runSuite } from './bundle.ts';

await runSuite('tests/react18');
