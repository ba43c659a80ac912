import { cookies, headers } from 'next/headers';
import { cart, login } from '../../sessions';

export default async function Proxied() {
  const session = await login.peek(await cookies());
  const other = await cart.peek({ headers: await headers() });
  return (
    <p>
      <output>{session.get('count')}</output> {other.get('items')}
    </p>
  );
}
