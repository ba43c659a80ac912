/** “hello”, and a session that is read and written: with the adapter, and with the core alone. There is no session library for Lambda’s events. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { commit } from 'sealring';
import { sessions } from 'sealring/lambda';
import { login } from './sessions.ts';

export const sealring = sessions(async (event: APIGatewayProxyEventV2) => {
  const session = await login.get(event);
  session.update('count', (n = 0) => n + 1);
  return { statusCode: 200, body: 'hello' };
});

export async function core(event: APIGatewayProxyEventV2) {
  const session = await login.get(event);
  session.update('count', (n = 0) => n + 1);
  const { cookies } = await commit(event);
  return { statusCode: 200, body: 'hello', cookies: cookies.map(({ line }) => line) };
}
