import { expect } from 'chai';
import { kindOfAddress } from '#core/security/addresses.js';
import { isAllowedHost, isRightAddress, judgeUrl } from '#core/security/outbound-url.js';

/** Hosts as a stranger may write them, and what becomes of an https URL on each. */
const HOSTS: readonly (readonly [host: string, verdict: 'right' | 'host' | 'noUrl' | 'userinfo' | 'port'])[] = [
  ['app.example', 'right'],
  ['app.example.', 'right'],
  ['APP.Example', 'right'],
  ['app.example:443', 'right'],
  ['app.example:8443', 'right'],
  ['bücher.example', 'right'],
  ['8.8.8.8', 'right'],
  ['134744072', 'right'],
  ['[2606:4700:4700::1111]', 'right'],
  ['localhost.example', 'right'],
  ['app.example:80', 'port'],
  ['app.example:22', 'port'],
  ['app.example:8080', 'port'],
  ['app.example:6379', 'port'],
  ['app.example:0', 'port'],
  ['user@app.example', 'userinfo'],
  ['user:secret@app.example', 'userinfo'],
  [':secret@app.example', 'userinfo'],
  ['app.example@127.0.0.1', 'userinfo'],
  ['', 'noUrl'],
  ['app.example:99999', 'noUrl'],
  ['256.1.1.1', 'noUrl'],
  ['[::1', 'noUrl'],
  ['[fe80::1%eth0]', 'noUrl'],
  ['a b', 'noUrl'],
  ['localhost', 'host'],
  ['localhost.', 'host'],
  ['LOCALHOST', 'host'],
  ['ⓛocalhost', 'host'],
  ['db.localhost', 'host'],
  ['127.0.0.1', 'host'],
  ['127.0.0.1.', 'host'],
  ['127.1', 'host'],
  ['127.255.255.254', 'host'],
  ['0x7f000001', 'host'],
  ['0x7f.1', 'host'],
  ['2130706433', 'host'],
  ['0177.0.0.1', 'host'],
  ['017700000001', 'host'],
  ['１２７.0.0.1', 'host'],
  ['0', 'host'],
  ['0.0.0.0', 'host'],
  ['10.0.0.1', 'host'],
  ['172.16.0.1', 'host'],
  ['172.31.255.255', 'host'],
  ['192.168.1.1', 'host'],
  ['169.254.169.254', 'host'],
  ['0xa9fea9fe', 'host'],
  ['100.64.0.1', 'host'],
  ['100.127.255.255', 'host'],
  ['192.0.0.1', 'host'],
  ['192.0.2.1', 'host'],
  ['192.88.99.1', 'host'],
  ['198.18.0.1', 'host'],
  ['198.19.255.255', 'host'],
  ['198.51.100.7', 'host'],
  ['203.0.113.9', 'host'],
  ['224.0.0.1', 'host'],
  ['240.0.0.1', 'host'],
  ['255.255.255.255', 'host'],
  ['[::]', 'host'],
  ['[::1]', 'host'],
  ['[0:0:0:0:0:0:0:1]', 'host'],
  ['[::ffff:127.0.0.1]', 'host'],
  ['[::ffff:10.0.0.1]', 'host'],
  ['[::ffff:8.8.8.8]', 'host'],
  ['[::127.0.0.1]', 'host'],
  ['[64:ff9b::a00:1]', 'host'],
  ['[64:ff9b:1::a00:1]', 'host'],
  ['[2002:a00:1::]', 'host'],
  ['[2001::1]', 'host'],
  ['[2001:db8::1]', 'host'],
  ['[3fff::1]', 'host'],
  ['[fc00::1]', 'host'],
  ['[fd12:3456::1]', 'host'],
  ['[fe80::1]', 'host'],
  ['[fec0::1]', 'host'],
  ['[ff02::1]', 'host'],
];

describe('core/security/outbound-url', () => {
  for (const [host, verdict] of HOSTS)
    it(`says of https://${host}/: ${verdict}`, () => {
      const judged = judgeUrl(`https://${host}/`, []);
      expect(typeof judged === 'string' ? judged : 'right').to.equal(verdict);
    });

  it('takes no other scheme, and http only where the host is allowed', () => {
    for (const url of ['http://app.example/', 'ftp://app.example/', 'file:///etc/passwd', 'data:text/plain,x', 'x', ''])
      expect(judgeUrl(url, []), url).to.be.oneOf(['scheme', 'noUrl']);
    expect(judgeUrl('http://hooks.internal:9000/', ['hooks.internal'])).to.have.property('isAllowed', true);
    expect(judgeUrl('ftp://hooks.internal/', ['hooks.internal'])).to.equal('scheme');
    expect(judgeUrl(`https://app.example/${'x'.repeat(3_000)}`, [])).to.equal('noUrl');
  });

  it('allows a host by name and port, and no other port of it', () => {
    expect(judgeUrl('http://127.0.0.1:3000/', ['127.0.0.1:3000'])).to.have.property('isAllowed', true);
    expect(judgeUrl('http://127.0.0.1:3001/', ['127.0.0.1:3000'])).to.equal('scheme');
    expect(judgeUrl('https://127.0.0.1/', ['127.0.0.1:3000'])).to.equal('host');
    expect(judgeUrl('http://[::1]:3000/', ['[::1]:3000'])).to.have.property('isAllowed', true);
    expect(isAllowedHost(['Hooks.Internal'], 'hooks.internal.', '80')).to.equal(true);
    expect(isAllowedHost(['hooks.internal'], 'other.internal', '80')).to.equal(false);
    expect(isAllowedHost([], '', '443')).to.equal(false);
  });

  it('never connects to metadata, multicast and the like, whatever is allowed', () => {
    for (const address of ['169.254.169.254', '0.0.0.0', '224.0.0.1', 'fe80::1', '::', '64:ff9b::a00:1', 'ff02::1'])
      expect(isRightAddress(address, true), address).to.equal(false);
    for (const address of ['127.0.0.1', '10.1.2.3', '::1', 'fd00::1', '8.8.8.8'])
      expect(isRightAddress(address, true), address).to.equal(true);
    expect(judgeUrl('http://169.254.169.254/', ['169.254.169.254'])).to.equal('host');
  });

  it('takes for an address only what is one', () => {
    for (const text of ['', 'localhost', '1.2.3', 'fe80::1%eth0', '2606::1%1', '::ffff:8.8.8.8.8'])
      expect(kindOfAddress(text), text).to.equal('forbidden');
  });
});
