import { Link, Links, Meta, Outlet, Scripts } from 'react-router';
import { sessions } from 'sealring/react-router';

export const middleware = [sessions()];

export default function App() {
  return (
    <html lang="en">
      <head>
        <title>Example</title>
        <Meta />
        <Links />
      </head>
      <body>
        <nav>
          <Link to="/" prefetch="intent">
            Home
          </Link>{' '}
          <Link to="/about" prefetch="intent">
            About
          </Link>
        </nav>
        <Outlet />
        <Scripts />
      </body>
    </html>
  );
}
