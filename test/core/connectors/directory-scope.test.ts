import {
  CLOCK,
  defineConnector,
  isRollcallError,
  LOGGER,
  PROJECT,
  RollcallError,
  SETTINGS,
  token,
  type Capabilities,
  type Clock,
  type Connector,
  type ConnectorDefinition,
  type Logger,
} from '@rollcall/connector-kit';
import { expect } from 'chai';
import { Container, inject, injectable, preDestroy } from 'inversify';
import { openDirectoryScope, type ScopeValues } from '#core/connectors/directory-scope.js';
import { IDS, type IdSource } from '#core/tokens.js';
import { nothing } from './projects.js';

const silent: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const clock: Clock = { now: () => new Date('2026-03-09T08:00:00Z') };

function valuesOf(name: string): ScopeValues {
  return { settings: { url: name }, project: { root: '/project', spool: `/spool/${name}` }, clock, log: silent };
}

const capabilities: Capabilities = { kinds: ['user'], full: true, delta: false, one: false, notifications: false };
const common = { apiVersion: 1, title: 'Acme', settings: { type: 'object' }, capabilities } as const;

/** Remembers what it was made with, and whether it was closed. */
class Remembering implements Connector {
  closings = 0;
  readFull = nothing;
  constructor(readonly given: unknown) {}
  check = (): Promise<{ steps: []; sample: [] }> => Promise.resolve({ steps: [], sample: [] });
  close(): Promise<void> {
    this.closings += 1;
    return Promise.resolve();
  }
}

const factoryForm = defineConnector({
  id: 'acme',
  ...common,
  needs: { settings: SETTINGS, project: PROJECT, clock: CLOCK, log: LOGGER },
  create: (needs) => new Remembering(needs),
});

@injectable('Transient')
class Decorated extends Remembering {
  destroyed = 0;

  constructor(
    @inject(SETTINGS) readonly settings: unknown,
    @inject(CLOCK) readonly clock: Clock,
  ) {
    super({ settings, clock });
  }

  @preDestroy()
  async destroy(): Promise<void> {
    await Promise.resolve();
    this.destroyed += 1;
  }
}

const classForm = defineConnector({ id: 'acme-class', ...common, connector: Decorated });

function refusal(open: () => unknown): RollcallError {
  try {
    open();
  } catch (error) {
    if (isRollcallError(error)) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

function remembered(connector: Connector): Remembering {
  if (!(connector instanceof Remembering)) throw new Error('expected the connector of the test');
  return connector;
}

describe('core/connectors/directory-scope', () => {
  it('hands a factory what it needs, under its own names', () => {
    const values = valuesOf('a');
    const { connector } = openDirectoryScope(new Container(), factoryForm, values);
    expect(remembered(connector).given).to.deep.equal({
      settings: values.settings,
      project: values.project,
      clock,
      log: silent,
    });
  });

  it('hands a decorated class what its parameters name', () => {
    const { connector } = openDirectoryScope(new Container(), classForm, valuesOf('a'));
    expect(connector).to.be.instanceOf(Decorated);
    expect(remembered(connector).given).to.deep.equal({ settings: { url: 'a' }, clock });
  });

  for (const [form, definition] of [
    ['factory', factoryForm],
    ['class', classForm],
  ] as const) {
    it(`gives two directories two connectors with their own settings (${form})`, async () => {
      const root = new Container();
      const one = openDirectoryScope(root, definition, valuesOf('one'));
      const two = openDirectoryScope(root, definition, valuesOf('two'));
      expect(one.connector).not.to.equal(two.connector);
      expect(remembered(one.connector).given).to.have.deep.property('settings', { url: 'one' });
      expect(remembered(two.connector).given).to.have.deep.property('settings', { url: 'two' });
      await one.close();
      expect([remembered(one.connector).closings, remembered(two.connector).closings]).to.deep.equal([1, 0]);
    });

    it(`leaves nothing of a directory in the root (${form})`, async () => {
      const root = new Container();
      const scope = openDirectoryScope(root, definition, valuesOf('one'));
      for (const name of [SETTINGS, PROJECT, CLOCK, LOGGER, Decorated]) expect(root.isBound(name)).to.equal(false);
      await scope.close();
    });

    it(`closes once, however often it is told to (${form})`, async () => {
      const scope = openDirectoryScope(new Container(), definition, valuesOf('one'));
      await Promise.all([scope.close(), scope.close()]);
      await scope.close();
      expect(remembered(scope.connector).closings).to.equal(1);
    });
  }

  it('offers what the root offers, and closes nothing of it', async () => {
    const ENDPOINT = token<{ url: string }>('acme.endpoint');
    const root = new Container();
    const ended: string[] = [];
    const endpoint = { url: 'https://acme.example' };
    root.bind<IdSource>(IDS).toConstantValue({ next: (prefix) => `${prefix}-1` });
    root
      .bind<{ url: string }>(ENDPOINT)
      .toConstantValue(endpoint)
      .onDeactivation(() => void ended.push('endpoint'));
    const definition = defineConnector({
      id: 'acme',
      ...common,
      needs: { endpoint: ENDPOINT, ids: IDS },
      create: (needs) => new Remembering(needs),
    });
    const scope = openDirectoryScope(root, definition, valuesOf('one'));
    expect(remembered(scope.connector).given).to.have.property('endpoint', endpoint);
    await scope.close();
    expect(ended).to.deep.equal([]);
    expect(root.get<IdSource>(IDS).next('usr')).to.equal('usr-1');
  });

  it('prefers the clock of the directory to the one of the root', () => {
    const root = new Container();
    root.bind<Clock>(CLOCK).toConstantValue({ now: () => new Date(0) });
    const { connector } = openDirectoryScope(root, factoryForm, valuesOf('one'));
    expect(remembered(connector).given).to.have.property('clock', clock);
  });

  it('waits for an asynchronous @preDestroy', async () => {
    const scope = openDirectoryScope(new Container(), classForm, valuesOf('one'));
    await scope.close();
    expect(scope.connector).to.have.property('destroyed', 1);
  });

  it('forgets the directory even when its connector does not close', async () => {
    @injectable()
    class Stuck extends Remembering {
      forgotten = false;

      constructor(@inject(SETTINGS) settings: unknown) {
        super(settings);
      }

      override close(): Promise<void> {
        return Promise.reject(new Error('socket'));
      }

      @preDestroy()
      forget(): void {
        this.forgotten = true;
      }
    }
    const stuck = defineConnector({ id: 'acme-stuck', ...common, connector: Stuck });
    const scope = openDirectoryScope(new Container(), stuck, valuesOf('one'));
    let told: unknown;
    await scope.close().catch((error: unknown) => (told = error));
    expect(told).to.have.property('message', 'socket');
    expect(scope.connector).to.have.property('forgotten', true);
  });
});

describe('core/connectors/directory-scope, what it refuses', () => {
  const HTTP = token<object>('acme.http');

  it('says which token a factory needs and nobody offers', () => {
    const definition = defineConnector({
      id: 'acme',
      ...common,
      needs: { http: HTTP },
      create: (needs) => new Remembering(needs),
    });
    const error = refusal(() =>
      openDirectoryScope(new Container(), definition, { ...valuesOf('a'), place: { tenant: 'acme', directory: 'hr' } }),
    );
    expect(error).to.include({ code: 'RC_CONNECTOR_NEED_MISSING', exitCode: 78 });
    expect(error.message).to.equal('The connector "acme" needs "acme.http", which this Rollcall does not offer.');
    expect(error.where).to.deep.equal({ tenant: 'acme', directory: 'hr' });
  });

  it('says which token a decorated class needs and nobody offers', () => {
    @injectable()
    class Needy extends Remembering {
      constructor(@inject(HTTP) http: object) {
        super(http);
      }
    }
    const definition = defineConnector({ id: 'acme', ...common, connector: Needy });
    const error = refusal(() => openDirectoryScope(new Container(), definition, valuesOf('a')));
    expect(error).to.include({ code: 'RC_CONNECTOR_NEED_MISSING' });
    expect(error.extra).to.deep.equal({ connector: 'acme', need: 'acme.http' });
  });

  it('says how to decorate a class that is not', () => {
    const definition = defineConnector({ id: 'acme', ...common, connector: Remembering });
    const error = refusal(() => openDirectoryScope(new Container(), definition, valuesOf('a')));
    expect(error).to.include({ code: 'RC_CONNECTOR_BROKEN', exitCode: 78 });
    expect(error.mend).to.match(/@injectable\(\).*@inject\(TOKEN\)/);
  });

  const making = (create: () => unknown, change: Partial<Capabilities> = {}): ConnectorDefinition =>
    defineConnector({
      id: 'acme',
      ...common,
      capabilities: { ...capabilities, ...change },
      needs: {},
      create: create as () => Connector,
    });

  it('names a connector that cannot be made, in one line', () => {
    const definition = making(() => {
      throw new Error('no certificate\u001b[2J\nat line 3');
    });
    const error = refusal(() => openDirectoryScope(new Container(), definition, valuesOf('a')));
    expect(error).to.include({ code: 'RC_CONNECTOR_BROKEN' });
    expect(error.message).to.equal(String.raw`The connector "acme" could not be made: no certificate\x1b[2J.`);
    expect(error.cause).to.be.instanceOf(Error);
  });

  it('lets an error of Rollcall through as it is', () => {
    const thrown = new RollcallError('RC_ACME_HOST', 78, 'stop', { what: 'No host.', mend: 'Name one.' });
    const definition = making(() => {
      throw thrown;
    });
    expect(refusal(() => openDirectoryScope(new Container(), definition, valuesOf('a')))).to.equal(thrown);
  });

  it('refuses a factory that is asynchronous, and leaves no rejection behind', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      const definition = making(() => Promise.reject(new Error('late')));
      const error = refusal(() => openDirectoryScope(new Container(), definition, valuesOf('a')));
      expect(error.message).to.match(/asynchronous/);
      await new Promise((resolve) => setImmediate(resolve));
      expect(unhandled).to.deep.equal([]);
    } finally {
      process.off('unhandledRejection', note);
    }
  });

  const whole = { check: () => undefined, readFull: () => undefined };
  const lacking: [string, unknown, Partial<Capabilities>][] = [
    ['check', null, {}],
    ['check', 'connector', {}],
    ['check', {}, {}],
    ['readFull', { check: whole.check }, {}],
    ['readDelta', whole, { delta: true }],
    ['readOne', whole, { one: true }],
    ['receive', whole, { notifications: true }],
  ];
  for (const [method, made, change] of lacking) {
    it(`refuses ${JSON.stringify(made)} that lacks ${method}`, () => {
      const error = refusal(() =>
        openDirectoryScope(
          new Container(),
          making(() => made, change),
          valuesOf('a'),
        ),
      );
      expect(error).to.include({ code: 'RC_CONNECTOR_BROKEN' });
      expect(error.message).to.equal(`The connector "acme" has no method "${method}", which its declaration promises.`);
    });
  }

  it('takes a connector that has what its declaration promises', () => {
    const made = { ...whole, readDelta: () => undefined, readOne: () => undefined, receive: () => undefined };
    const { connector } = openDirectoryScope(
      new Container(),
      making(() => made, { delta: true, one: true, notifications: true }),
      valuesOf('a'),
    );
    expect(connector).to.equal(made);
  });
});
