/** For bundles that are made for browsers: whoever loads it hands it the vectors. */

export { judgeBuilds } from './builds.ts';
