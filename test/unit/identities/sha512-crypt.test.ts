import { expect, test } from 'vitest';
import { sha512Crypt } from '../../../src/identities/passwords/sha512-crypt.ts';

// Made with crypt(3) of glibc; the first is also a test vector of the specification.
const VECTORS: readonly { password: string; salt: string; rounds: number; hash: string }[] = [
  {
    password: 'Hello world!',
    salt: 'saltstring',
    rounds: 5_000,
    hash: 'svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
  },
  {
    password: 'This is just a test',
    salt: 'toolongsaltstrin',
    rounds: 5_000,
    hash: 'lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0',
  },
  {
    password: 'secrete',
    salt: 'saltsalt12345678',
    rounds: 40_000,
    hash: 'XUylpnIyurERHzU7e.79oHvmW1d4/0jY9zk2GbqunJqGKcXuf8HL9JVrqpHEnMqWEoYRM1zXr4ch21cawg6oa0',
  },
  {
    password: '',
    salt: 'abc',
    rounds: 1000,
    hash: 'noBronbzNMcAtG61/dMHzc1H.fuLjHArF9.wCx8LbkVDMMEuChQCPee28tiPcXHL/CMNpCqo6OPTyoEpoCMsY/',
  },
  {
    password: 'a',
    salt: '',
    rounds: 1000,
    hash: 'hETGMQQ5sXu1md3PrmRCM4AxTgbNpYQaIhk4xQzvCiNfeogfCR9PZGSRXghUOxMAPFU2wuz/ZLafIHrHopO.60',
  },
  {
    password: 'pässwörter ☃',
    salt: './09azAZ',
    rounds: 1000,
    hash: 'EN1s0wiOFX9Glj96fe/LaQOmeT3lQYNdD/54I86fCiX7j.UY9deq7y0C2zmaW.me2G.4wnIDBa7ZjNfe8t49s0',
  },
  {
    password: '0123456789abcdef'.repeat(4),
    salt: 'sixtyfour',
    rounds: 1000,
    hash: 'DLFOOZpjmAqfvphXFA.8wlR0zSOdP43Bmt/wsUw3py.jxN.6QoCH47eLZfV1NXSC83Gw1t6gRAyRBOyI4yS4e/',
  },
  {
    password: 'x'.repeat(63),
    salt: 'b63',
    rounds: 1000,
    hash: 'b5oJJc8MC2kTX5dTy2p8eiB5WyCBcgmlusvAbFG/XP6upkoeXFII2ZEmlyrVrQsqE0VSuf2BHL.eaz8S3egmM1',
  },
  {
    password: 'x'.repeat(65),
    salt: 'b65',
    rounds: 1000,
    hash: 'iaHTyEE.4OtdmYzG7LWhTPnrrgl6w0FMz/ACKMcvD8ZE6VrhPHZ3b4wV/mRyymENSlgvi/Y6novR05fS7Yt0p.',
  },
  {
    password: 'é'.repeat(64),
    salt: 'b128',
    rounds: 1000,
    hash: 'gCLiHwXrt.xgnJodQrBD/ZO6.BQs9UnnLmRZYKsC/Wbu6.A/57kM7tByuDPpdD6L1.NRGTLhwhazXhjTbiRY8/',
  },
  {
    password: 'x'.repeat(192),
    salt: 'b192',
    rounds: 1001,
    hash: 'o0.D1oF.wcipcT/FIaV2Pc50W/Ofy95k/0TANbLh8gCUa0yvny4NrRcJerQV8t54FXBctlO13sRtKB92isiSF/',
  },
  {
    password: 'x'.repeat(300),
    salt: 'b300',
    rounds: 1000,
    hash: '9PpvO0dYDK3JPbLEHAmhOIkT.U4rzQFq1NeyBkZPNAOHpHp4f4j8huwUzSBFUIfuwONmR/HV3JN2nDqWsypMx1',
  },
];

test.each(VECTORS)('password of $password.length characters, salt "$salt", $rounds rounds', (vector) => {
  expect(sha512Crypt(Buffer.from(vector.password), vector.salt, vector.rounds)).toBe(vector.hash);
});
