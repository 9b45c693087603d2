import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv } from 'vite';

export default defineConfig(({ mode }) => {
  const { API_URL = 'http://127.0.0.1:3000' } = loadEnv(mode, import.meta.dirname, '');
  // One origin for page and API: no CORS. Both servers of Vite pass on what begins with /api.
  const proxy = { '/api': { target: API_URL, rewrite: (path: string) => path.slice('/api'.length) } };
  return { plugins: [react()], server: { proxy }, preview: { proxy } };
});
