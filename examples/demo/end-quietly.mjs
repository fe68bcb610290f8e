/** A reader that closes the pipe (`npm run demo | head -3`) has seen enough: the story ends there, and that is no failure. */
export function endQuietlyWhenNobodyReads(stream = process.stdout) {
  stream.on('error', (error) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
