/** What editors know in a handler. */
import type {
  ALBEvent,
  ALBHandler,
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  APIGatewayProxyHandler,
  APIGatewayProxyHandlerV2,
  APIGatewayProxyHandlerV2WithJWTAuthorizer,
  APIGatewayProxyResultV2,
  Context,
} from 'aws-lambda';
import { expectTypeOf } from 'expect-type';
import { sessions } from 'sealring/lambda';
import { login } from './sessions.ts';

const ok = { statusCode: 200, body: 'hello' };

// The type of the handler says which event it gets.
export const http: APIGatewayProxyHandlerV2 = sessions(async (event, context) => {
  expectTypeOf(event).toEqualTypeOf<APIGatewayProxyEventV2>();
  expectTypeOf(context).toEqualTypeOf<Context>();
  return ok;
});
export const rest: APIGatewayProxyHandler = sessions(async () => ok);
export const alb: ALBHandler = sessions(async () => ok);
export const jwt: APIGatewayProxyHandlerV2WithJWTAuthorizer = sessions(async () => ok);

// Or the type of the event says it.
expectTypeOf(sessions(async (_event: APIGatewayProxyEventV2) => ok)).toExtend<APIGatewayProxyHandlerV2>();
expectTypeOf(sessions(async (_event: APIGatewayProxyEvent) => ok)).toExtend<APIGatewayProxyHandler>();
expectTypeOf(sessions(async (_event: ALBEvent) => ok)).toExtend<ALBHandler>();
expectTypeOf(sessions(async (_event: ALBEvent) => new Response('hello'))).toExtend<ALBHandler>();
expectTypeOf(
  sessions(async (_event: APIGatewayProxyEventV2): Promise<APIGatewayProxyResultV2> => ok),
).toExtend<APIGatewayProxyHandlerV2>();
sessions(async (_event: APIGatewayProxyEventV2, { awsRequestId }: Context) => awsRequestId);
// @ts-expect-error: nothing is returned
sessions(async (_event: APIGatewayProxyEventV2) => {});
// @ts-expect-error: no event of HTTP
sessions(async (_event: { Records: [] }) => ok);

export async function types(event: APIGatewayProxyEventV2 | APIGatewayProxyEvent | ALBEvent) {
  const session = await login.get(event);
  expectTypeOf(session.get('count')).toEqualTypeOf<number | undefined>();
  expectTypeOf(session.flashes()).toEqualTypeOf<string[]>();
  // @ts-expect-error: no such value
  session.get('other');
  // @ts-expect-error: of another type
  session.set('count', '1');
}
