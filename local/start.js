// Plain JavaScript that any Node can read: what follows needs types stripped and packages installed.
const { features, version } = process;

if (features.typescript) {
  try {
    await import('./main.ts');
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error('Packages are missing: run npm ci first');
    process.exitCode = 1;
  }
} else {
  console.error(`Node ${version} is too old: run npm ci, then npm start, which brings its own Node 24`);
  process.exitCode = 1;
}
