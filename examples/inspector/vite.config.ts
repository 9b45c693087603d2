import { defineConfig } from 'vite';

// Relative addresses: the page can lie anywhere.
export default defineConfig({ base: './' });
