// Plain JavaScript that any Node can read: what follows needs packages installed.
const { argv, env, execArgv, execPath, features, platform, version } = process;

/**
 * glibc keeps what a thread frees in an arena of that thread, for that thread. With one arena for all of them the twenty
 * threads of the stack share what is free. glibc reads this when a process begins.
 */
const oneArena = { MALLOC_ARENA_MAX: '1' };

async function start() {
  if (platform === 'linux' && env.MALLOC_ARENA_MAX === undefined) {
    process.execve?.(execPath, [execPath, ...execArgv, ...argv.slice(1)], { ...env, ...oneArena });
  }
  try {
    const { bundled } = await import('./bundled.js');
    await import(await bundled('local/main.ts'));
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error('Packages are missing: run npm ci first');
    process.exitCode = 1;
  }
}

if (features.typescript) await start();
else {
  console.error(`Node ${version} is too old: run npm ci, then npm start, which brings its own Node 24`);
  process.exitCode = 1;
}
