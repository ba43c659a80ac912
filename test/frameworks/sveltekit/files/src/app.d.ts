import type { Session } from 'svelte-kit-cookie-session';

declare global {
  namespace App {
    interface Locals {
      session: Session<{ count?: number }>;
    }
  }
}
