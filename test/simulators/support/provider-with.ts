import { createSimulator, type DialectName, type Simulator, type SimulatorOptions } from '#simulators/index.js';
import { ServiceProvider, token, type ServiceProviderOptions } from './service-provider.js';

/** A server, a simulator that speaks to it, and the waits that it asked for. */
export interface Pair {
  readonly server: ServiceProvider;
  readonly simulator: Simulator;
  readonly baseUrl: string;
  readonly waits: number[];
  readonly close: () => Promise<void>;
}

/** Starts both; the simulator waits for nothing and does one thing at a time unless it is told otherwise. */
export async function pairOf<D extends DialectName>(
  dialect: D,
  options: Partial<SimulatorOptions<D>> = {},
  serverOptions: ServiceProviderOptions = {},
): Promise<Pair> {
  const server = new ServiceProvider(serverOptions);
  const baseUrl = await server.start();
  const waits: number[] = [];
  const wait = (milliseconds: number): Promise<void> => {
    waits.push(milliseconds);
    return Promise.resolve();
  };
  const simulator = createSimulator<D>(dialect, {
    baseUrl,
    token,
    people: 30,
    groups: 4,
    concurrency: 1,
    wait,
    ...options,
  });
  const close = async (): Promise<void> => {
    simulator.close();
    await server.stop();
  };
  return { server, simulator, baseUrl, waits, close };
}
