#!/usr/bin/env node
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

// Plain JavaScript, because what strips types takes longer to load than all the rest; the cache keeps its work. It lies in
// a folder of this user alone, since what it holds is run. Node 20 has none.
const cacheDir = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
module.enableCompileCache?.(join(cacheDir, 'runcloud-relay'));
await import('./start.ts');
