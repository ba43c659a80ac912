/** An application as people write it on express-session, in JavaScript, on `req.session` of sealring/express: nothing in it but the two lines at its top is ours. */
import flash from 'connect-flash';
import { csrfSync } from 'csrf-sync';
import express from 'express';
import openid from 'express-openid-connect';
import passport from 'passport';
import { Strategy } from 'passport-local';
import { sessions } from 'sealring/express';
import { toExpressStore } from 'sealring/express-session';
import { memory } from 'sealring/memory';
import { provider } from './provider.js';
import { login } from './sessions.ts';

const { HOST, PORT, SESSION_KEY, STORE } = process.env;
const url = `http://${HOST}:${PORT}`;

passport.use(
  new Strategy((username, password, done) => {
    if (password === 'sesame') done(null, { id: username });
    else done(null, false, { message: 'Wrong password.' });
  }),
);
passport.serializeUser((user, done) => done(null, user.id));
passport.deserializeUser((id, done) => done(null, { id }));

const { csrfSynchronisedProtection, generateToken, revokeToken } = csrfSync({
  getTokenFromRequest: (req) => req.body?.token,
});

const app = express();
app.use(express.urlencoded());
app.use('/provider', provider(`${url}/provider`));
app.use(sessions({ property: 'session', session: login }));
app.use(flash());
app.use(passport.authenticate('session'));
app.use(
  openid.auth({
    issuerBaseURL: `${url}/provider`,
    baseURL: url,
    clientID: 'app',
    clientSecret: 'a secret of the provider',
    secret: 'a secret of express-openid-connect, long enough',
    authRequired: false,
    authorizationParams: { response_type: 'code', scope: 'openid' },
    routes: { login: '/openid/login', callback: '/openid/callback', logout: '/openid/logout' },
    ...(STORE === 'server' && { session: { store: toExpressStore(memory(), { keys: [SESSION_KEY] }) } }),
    afterCallback(req, _res, session) {
      req.session.wasWith = 'the provider';
      return session;
    },
  }),
);

app.get('/', (req, res) => {
  res.json({
    user: req.user?.id,
    errors: req.flash('error'),
    notes: req.flash('note'),
    count: req.session.count,
    openid: req.oidc.user?.sub,
    wasWith: req.session.wasWith,
  });
});

app.get('/token', (req, res) => {
  res.send(generateToken(req));
});
app.post('/protected', csrfSynchronisedProtection, (_req, res) => {
  res.send('done');
});
app.post('/revoke', (req, res) => {
  revokeToken(req);
  res.send(`${'csrfToken' in req.session}`);
});

app.post('/login', passport.authenticate('local', { successRedirect: '/', failureRedirect: '/', failureFlash: true }));
app.post(
  '/login/keep',
  passport.authenticate('local', { keepSessionInfo: true, failureMessage: true, successReturnToOrRedirect: '/' }),
);
app.post('/logout', (req, res, next) => {
  req.logout((error) => (error ? next(error) : res.redirect('/')));
});

app.post('/note', (req, res) => {
  req.flash('note', 'Noted %s', req.body.what);
  req.flash('note', ['one', 'two']);
  res.redirect('/');
});
app.post('/count', (req, res) => {
  req.session.count = (req.session.count ?? 0) + 1;
  res.redirect('/');
});
app.post('/return-to', (req, res) => {
  req.session.returnTo = '/token';
  res.redirect('/');
});

app.use((error, _req, res, next) => {
  if (res.headersSent) next(error);
  else res.status(error.status ?? 500).send(error.message);
});

app.listen(PORT, HOST);
