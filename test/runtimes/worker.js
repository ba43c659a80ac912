// What workerd runs: any request is answered with the checks that passed, or with what failed.
import { smoke } from '../../.portable/portable.js';

export default {
  async fetch() {
    try {
      return Response.json({ checks: await smoke() });
    } catch (error) {
      return new Response(error.stack ?? String(error), { status: 500 });
    }
  },
};
