/** The code of docs/hosts.md that starts a core by hand: written beside the application when it is installed. */

import type { CreateVerifier, VerifyIdToken, VerifySignature } from 'scopegate';

export declare const createVerifier: CreateVerifier;
export declare const verifyIdToken: VerifyIdToken;
export declare const verifySignature: VerifySignature;
