import { string } from '@oclif/core/flags';
import type { ServerOptions } from '@rollcall/server';
import { once } from 'node:events';
import { RollcallCommand } from '../base-command.js';
import { Interruption } from '../interruption.js';
import type { Output } from '../output.js';
import { logLineText } from '../render/log-line.js';
import { originOf, portOf, wholeNumberOf, wordsIn } from '../values.js';

export default class Serve extends RollcallCommand {
  static override summary =
    'Run the service: SCIM, the reading API, webhooks, and each directory read when it is due, until it is stopped.';
  static override description =
    'Prints where it listens as soon as it does; the log goes to stderr, with --json one JSON document a line. SIGTERM or Ctrl-C: no new requests, running ones may end, runs stop and go on next time, then exit code 0.';
  static override examples = [
    { description: 'On this machine alone', command: 'rollcall serve --port 8080' },
    {
      description: 'For a proxy on the same network, with a log for programs',
      command: 'rollcall serve --host 0.0.0.0 --port 8080 --trust-proxy 10.0.0.0/8 --json',
    },
  ];

  static override flags = {
    host: string({ description: 'Address to listen on.', helpValue: 'ADDRESS', default: '127.0.0.1' }),
    port: string({ description: 'Port to listen on; 0 takes a free one.', helpValue: 'N', default: '8080' }),
    'public-url': string({
      description:
        'Where clients reach the service; stands in the locations that SCIM answers. As requests say when left out.',
      helpValue: 'URL',
    }),
    'trust-proxy': string({
      description: 'Addresses or networks of proxies whose X-Forwarded-For counts.',
      helpValue: 'LIST',
    }),
    slots: string({
      description: 'How many directories are read at the same time; 0: none is read by itself.',
      helpValue: 'N',
      default: '4',
    }),
    deliveries: string({
      description: 'How many webhook endpoints are sent to at the same time; 0: none is sent to from here.',
      helpValue: 'N',
      default: '8',
    }),
    'requests-per-minute': string({
      description: 'How much one API key may ask for.',
      helpValue: 'N',
      default: '6000',
    }),
  };

  protected override readonly interruption = new Interruption(
    process,
    (exitCode) => {
      process.exit(exitCode);
    },
    'Stopping when the running requests are answered.',
  );

  async run(): Promise<number> {
    const { flags } = await this.parse(Serve);
    const address = { host: flags.host, port: portOf('--port', flags.port) };
    const requestsPerMinute = wholeNumberOf('--requests-per-minute', flags['requests-per-minute'], 1);
    const slots = wholeNumberOf('--slots', flags.slots, 0);
    const deliveries = wholeNumberOf('--deliveries', flags.deliveries, 0);
    const proxies = flags['trust-proxy'] === undefined ? {} : { trustProxy: wordsIn(flags['trust-proxy']) };
    const place = flags['public-url'] === undefined ? {} : { publicUrl: originOf('--public-url', flags['public-url']) };
    return this.withProject(flags, async ({ rollcall, secretKey }, output) => {
      // Help lists all commands: it must not load a web server for that.
      const { createServer } = await import('@rollcall/server');
      await rollcall.database.migrate();
      await using server = await createServer({
        rollcall,
        secretKey,
        log: logTo(output),
        limits: { requestsPerMinute },
        ...proxies,
        ...place,
      });
      const url = await server.listen(address);
      if (output.flags.json) output.document({ format: 'rollcall.serve/1', exitCode: 0, url });
      else output.text(`Rollcall listens on ${url}`);
      const scheduler = slots === 0 ? null : rollcall.scheduler({ slots });
      const worker = deliveries === 0 ? null : rollcall.webhooks.worker({ slots: deliveries });
      scheduler?.start();
      worker?.start();
      if (!this.interruption.signal.aborted) await once(this.interruption.signal, 'abort');
      await Promise.all([server.drain(), scheduler?.stop(), worker?.stop()]);
      return 0;
    });
  }
}

/** The log as it comes for programs, as a line of text for people; with `--quiet` only what went wrong. */
function logTo(output: Output): NonNullable<ServerOptions['log']> {
  return {
    write(line) {
      const text = logLineText(line);
      if (output.flags.quiet && !text.isTrouble) return;
      output.warn(output.flags.json ? line.trimEnd() : text.text);
    },
  };
}
