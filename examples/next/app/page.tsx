import { cookies } from 'next/headers';
import Link from 'next/link';
import { flashes } from 'sealring/next';
import { login } from '../sessions';
import { count, logIn, logOut } from './actions';

export default async function Home() {
  const session = await login.peek(await cookies());
  const [message] = await flashes(login);
  return (
    <main>
      {message && <p role="alert">{message}</p>}
      {session.subject === undefined ? (
        <form action={logIn}>
          <label>
            User <input name="user" required />
          </label>
          <label>
            Password <input name="password" type="password" />
          </label>
          <button>Log in</button>
        </form>
      ) : (
        <form action={logOut}>
          <p>Hello {session.subject}</p>
          <button>Log out</button>
        </form>
      )}
      <form action={count}>
        <output>{session.get('count') ?? 0}</output> <button>Count</button>
      </form>
      <Link href="/about">About</Link>
    </main>
  );
}
