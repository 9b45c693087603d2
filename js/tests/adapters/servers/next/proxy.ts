import { authProxy } from 'scopegate/next';
import { POSTS, resource } from './api.ts';

export const proxy = authProxy(resource, POSTS);

export const config = { matcher: '/proxied' };
