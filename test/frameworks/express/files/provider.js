/** An OpenID provider that knows one user and asks nothing: discovery, keys, authorization and tokens (OpenID Connect Core 1.0 §3.1). */
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import express from 'express';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const grants = new Map();

/** @param {string} issuer */
export function provider(issuer) {
  const router = express.Router();
  router.get('/.well-known/openid-configuration', (_req, res) => {
    res.json({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_post'],
    });
  });
  router.get('/keys', (_req, res) => {
    res.json({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: '1', use: 'sig', alg: 'RS256' }] });
  });
  router.get('/authorize', (req, res) => {
    const code = randomUUID();
    grants.set(code, req.query);
    const back = new URL(req.query.redirect_uri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', req.query.state);
    res.redirect(back.href);
  });
  router.post('/token', express.urlencoded(), (req, res) => {
    const { client_id: aud, nonce } = grants.get(req.body.code);
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, sub: 'grace', aud, nonce, iat: now, exp: now + 60 };
    res.json({ access_token: randomUUID(), token_type: 'Bearer', expires_in: 60, id_token: token(claims) });
  });
  return router;
}

function token(claims) {
  const text = [{ alg: 'RS256', kid: '1', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${text}.${sign('sha256', text, privateKey).toString('base64url')}`;
}
