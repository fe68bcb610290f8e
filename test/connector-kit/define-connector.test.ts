import {
  defineConnector,
  isConnectorDefinition,
  SETTINGS,
  token,
  type FactoryDefinition,
} from '@rollcall/connector-kit';
import { expect } from 'chai';

const declaration: FactoryDefinition = {
  id: 'acme',
  apiVersion: 1,
  title: 'Acme',
  settings: { type: 'object' },
  capabilities: { kinds: ['user'], full: true, delta: false, one: false, notifications: false },
  needs: {},
  create: () => {
    throw new Error('not called');
  },
};

describe('connector-kit/define-connector', () => {
  it('marks a declaration, so that the loader knows it', () => {
    expect(isConnectorDefinition(defineConnector(declaration))).to.equal(true);
  });

  it('does not take an object of the same shape for a declaration', () => {
    expect(isConnectorDefinition({ ...declaration })).to.equal(false);
    expect(isConnectorDefinition(undefined)).to.equal(false);
    expect(isConnectorDefinition(() => declaration)).to.equal(false);
  });

  it('knows a declaration that another copy of the package made', () => {
    expect(isConnectorDefinition({ ...declaration, [Symbol.for('rollcall.connector')]: 1 })).to.equal(true);
  });

  it('lets nobody change a declaration afterwards', () => {
    expect(Object.isFrozen(defineConnector(declaration))).to.equal(true);
  });
});

describe('connector-kit/tokens', () => {
  it('makes the same token from the same description, whichever copy of the package asks', () => {
    expect(token('rollcall.settings')).to.equal(SETTINGS);
    expect(token('rollcall.other')).not.to.equal(SETTINGS);
  });
});
