import { createVerifier } from 'scopegate';

export const verifier = createVerifier({
  endpoint: 'https://tenant.logto.app', // the Logto endpoint
  audience: 'https://api.yourapp.com', // the API identifier, exactly as in Logto
});
