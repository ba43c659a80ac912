import type { ReactNode } from 'react';
import { find } from './actions';

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <>
      {children}
      <form action={find}>
        <button>Find</button>
      </form>
    </>
  );
}
